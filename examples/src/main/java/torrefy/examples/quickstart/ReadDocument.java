package torrefy.examples.quickstart;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import torrefy.model.training.SkippedStep;
import torrefy.model.training.TokenSource;
import torrefy.tokenizer.Tokenizer;

/// A document of which a step read a part: what lies between two tokens that end a text.
///
/// @param at its first token's place in the training shard
/// @param beginning its first characters, in one line
record ReadDocument(long at, String beginning) {

    /// So far back a document's beginning is looked for; of a longer one, this is taken for it.
    private static final int FARTHEST = 1 << 16;

    private static final int TOKENS_SHOWN = 12;

    /// All documents of a step, in the order of its sequences.
    static List<ReadDocument> of(SkippedStep step, TokenSource source, Tokenizer tokenizer) {
        Map<Long, ReadDocument> documents = new LinkedHashMap<>();
        for (long start : step.starts()) {
            int back = (int) Math.min(start, FARTHEST);
            int[] tokens = new int[back + step.length()];
            source.read(start - back, tokens, 0, tokens.length);
            for (int begin : beginnings(tokens, back, tokenizer.endOfText())) {
                long at = start - back + begin;
                int[] first = Arrays.copyOfRange(tokens, begin, Math.min(tokens.length, begin + TOKENS_SHOWN));
                String text = Progress.oneLine(tokenizer.decodeText(first));
                documents.putIfAbsent(at, new ReadDocument(at, text));
            }
        }
        return new ArrayList<>(documents.values());
    }

    /// Where documents begin of which something lies at `from` or after it.
    private static List<Integer> beginnings(int[] tokens, int from, int endOfText) {
        List<Integer> beginnings = new ArrayList<>();
        int begin = from;
        while (begin > 0 && tokens[begin - 1] != endOfText) {
            begin--;
        }
        beginnings.add(begin);
        for (int i = from; i < tokens.length - 1; i++) {
            if (tokens[i] == endOfText) {
                beginnings.add(i + 1);
            }
        }
        return beginnings;
    }

    @Override
    public String toString() {
        return "token " + at + ": " + beginning;
    }
}
