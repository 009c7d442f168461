package torrefy.tokenizer;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// A tokenizer as llama.cpp wants it inside a GGUF file: plain lists, to be handed to whoever writes the file.
///
/// llama.cpp does not read split patterns: it knows some by name. GPT-4's is given the name of Llama 3's, which differs
/// in white space at the very end of a text.
///
/// @param splitting the name of the split pattern
/// @param tokens by id, in the byte-level alphabet, special ones by their names; an id that is left out gets a name of
///     its own
/// @param types by id: [#NORMAL], [#CONTROL], [#WORD] or [#UNUSED]
/// @param merges in the order in which they were learned, two tokens with a space between
public record LlamaCppVocabulary(String splitting, List<String> tokens, int[] types, List<String> merges) {

    /// A token that stands for text.
    public static final int NORMAL = 1;

    /// A special token.
    public static final int CONTROL = 3;

    /// A word that was added to the vocabulary.
    public static final int WORD = 4;

    /// An id that is left out.
    public static final int UNUSED = 5;

    private static final Map<SplitPattern, String> NAMES = Map.of(
            SplitPattern.GPT_2, "gpt-2",
            SplitPattern.GPT_4, "llama-bpe",
            SplitPattern.GPT_4O, "gpt-4o",
            SplitPattern.LLAMA_3, "llama-bpe",
            SplitPattern.QWEN_2, "qwen2",
            SplitPattern.SMOLLM, "smollm");

    /// The vocabulary of a tokenizer.
    ///
    /// @param size of the model's table, which may have rows for more tokens than there are
    /// @throws IllegalArgumentException if llama.cpp has no name for its split pattern
    public static LlamaCppVocabulary of(Tokenizer tokenizer, int size) {
        String splitting = NAMES.get(tokenizer.splitPattern());
        if (splitting == null) {
            throw new IllegalArgumentException("llama.cpp knows no split pattern " + tokenizer.splitPattern()
                    + "; it knows GPT-2's, GPT-4's, GPT-4o's, Llama 3's, Qwen 2's and SmolLM's");
        }
        String[] spellings = Arrays.copyOf(SpelledVocabulary.spellings(tokenizer), size);
        int[] types = new int[spellings.length];
        for (int id = 0; id < spellings.length; id++) {
            SpecialTokens special = tokenizer.specialTokens();
            boolean isWord = special.contains(id) && special.words().contains(spellings[id]);
            int ofText = isWord ? WORD : special.contains(id) ? CONTROL : NORMAL;
            types[id] = spellings[id] == null ? UNUSED : ofText;
        }
        List<String> merges = tokenizer.merges().stream()
                .map(merge -> spellings[merge.left()] + " " + spellings[merge.right()])
                .toList();
        for (int id = 0; id < spellings.length; id++) {
            if (spellings[id] == null) {
                spellings[id] = "[unused " + id + "]";
            }
        }
        return new LlamaCppVocabulary(splitting, Arrays.asList(spellings), types, merges);
    }
}
