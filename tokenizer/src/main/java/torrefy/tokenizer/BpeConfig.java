package torrefy.tokenizer;

import java.util.HashSet;
import java.util.List;

/// What a [BpeTrainer] is to learn.
///
/// @param vocabularySize V, the number of tokens to reach: 256 bytes, the merges, the special tokens. A text that is
///     too small or too uniform for so many leads to fewer
/// @param splitPattern how text is cut into pieces
/// @param minimumFrequency a pair that stands in the text less often is not merged
/// @param specialTokens names of the special tokens; they get the last ids
public record BpeConfig(
        int vocabularySize, SplitPattern splitPattern, int minimumFrequency, List<String> specialTokens) {

    private static final int BYTE_VALUES = 256;

    public BpeConfig {
        specialTokens = List.copyOf(specialTokens);
        int smallest = BYTE_VALUES + specialTokens.size();
        if (vocabularySize < smallest) {
            throw new IllegalArgumentException("vocabulary size " + vocabularySize + " is too small: " + BYTE_VALUES
                    + " bytes and " + specialTokens.size() + " special tokens need at least " + smallest);
        }
        if (minimumFrequency < 1) {
            throw new IllegalArgumentException("minimum frequency must be at least 1, got " + minimumFrequency);
        }
        if (new HashSet<>(specialTokens).size() < specialTokens.size()) {
            throw new IllegalArgumentException("special tokens are named twice: " + specialTokens);
        }
    }

    /// GPT-4's split pattern, pairs that stand at least twice in the text, and the end-of-text mark.
    public static BpeConfig of(int vocabularySize) {
        return new BpeConfig(vocabularySize, SplitPattern.GPT_4, 2, List.of(SpecialTokens.END_OF_TEXT));
    }

    public BpeConfig withSplitPattern(SplitPattern pattern) {
        return new BpeConfig(vocabularySize, pattern, minimumFrequency, specialTokens);
    }

    public BpeConfig withMinimumFrequency(int frequency) {
        return new BpeConfig(vocabularySize, splitPattern, frequency, specialTokens);
    }

    public BpeConfig withSpecialTokens(List<String> names) {
        return new BpeConfig(vocabularySize, splitPattern, minimumFrequency, names);
    }
}
