package torrefy.examples.tokens;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import torrefy.tokenizer.Merge;
import torrefy.tokenizer.Tokenizer;

/// Merging as the definition says it: begin with the bytes, look at all pairs of neighbours, merge the one that was
/// learned earliest, and look again, until no pair was ever learned.
///
/// For n bytes there are up to n merges, and up to n pairs to look at before each: n² looks.
final class MergeLoop {

    private final List<Merge> merges;
    private final Map<Long, Integer> ranks = new HashMap<>();
    private final int[] byteTokens = new int[128];

    MergeLoop(Tokenizer tokenizer) {
        merges = tokenizer.merges();
        for (int rank = 0; rank < merges.size(); rank++) {
            ranks.put(pair(merges.get(rank).left(), merges.get(rank).right()), rank);
        }
        for (int value = 0; value < byteTokens.length; value++) {
            byteTokens[value] = tokenizer.vocabulary().find(new byte[] {(byte) value});
        }
    }

    private static long pair(int left, int right) {
        return (long) left << 32 | right;
    }

    int[] encode(byte[] text) {
        int[] tokens = new int[text.length];
        Arrays.setAll(tokens, i -> byteTokens[text[i]]);
        int size = tokens.length;
        for (int best = earliest(tokens, size); best >= 0; best = earliest(tokens, size)) {
            tokens[best] = merges.get(rank(tokens, best)).result();
            size--;
            System.arraycopy(tokens, best + 2, tokens, best + 1, size - best - 1);
        }
        return Arrays.copyOf(tokens, size);
    }

    /// Where the pair of lowest rank stands, the first of several; -1 if no pair has a rank.
    private int earliest(int[] tokens, int size) {
        int best = -1;
        int lowest = Integer.MAX_VALUE;
        for (int i = 0; i + 1 < size; i++) {
            int rank = rank(tokens, i);
            if (rank < lowest) {
                lowest = rank;
                best = i;
            }
        }
        return best;
    }

    private int rank(int[] tokens, int i) {
        return ranks.getOrDefault(pair(tokens[i], tokens[i + 1]), Integer.MAX_VALUE);
    }
}
