package torrefy.tokenizer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/// Merges by the pair they join. A lower rank goes first.
///
/// There are two kinds. Of learned merges, the rank is the place in the order in which they were learned, and each
/// joins one pair. Of ranked tokens, the rank is the token's number, and whatever two tokens make up its bytes are
/// joined.
final class MergeTable {

    private final PairTable pairs = new PairTable();

    /// By a pair's number: the token it becomes.
    private int[] results;

    private final boolean byToken;

    /// Learned merges, in the order in which they were learned.
    MergeTable(List<Merge> merges) {
        byToken = false;
        results = new int[merges.size()];
        for (Merge merge : merges) {
            int rank = pairs.size();
            if (pairs.intern(merge.left(), merge.right()) != rank) {
                throw new IllegalArgumentException(
                        "merges: the pair " + merge.left() + ", " + merge.right() + " is there twice");
            }
            results[rank] = merge.result();
        }
    }

    /// Ranked tokens: those of the vocabulary that are not special.
    MergeTable(Vocabulary vocabulary, SpecialTokens special) {
        byToken = true;
        results = new int[1 << 10];
        for (int token = 0; token < vocabulary.size(); token++) {
            if (!vocabulary.contains(token) || special.contains(token)) {
                continue;
            }
            byte[] bytes = vocabulary.bytes(token);
            for (int length = 1; length < bytes.length; length++) {
                int left = vocabulary.find(bytes, 0, length);
                int right = left < 0 ? -1 : vocabulary.find(bytes, length, bytes.length - length);
                if (right < 0 || special.contains(left) || special.contains(right)) {
                    continue;
                }
                int pair = pairs.intern(left, right);
                if (pair == results.length) {
                    results = Arrays.copyOf(results, 2 * pair);
                }
                results[pair] = token;
            }
        }
    }

    /// The rank of the merge of a pair, or -1 if the pair is not merged.
    int rank(int left, int right) {
        int pair = pairs.find(left, right);
        return pair >= 0 && byToken ? results[pair] : pair;
    }

    int result(int rank) {
        return byToken ? rank : results[rank];
    }

    /// Whether these are ranked tokens.
    boolean isByToken() {
        return byToken;
    }

    /// All merges by rank; those of equal rank by their left token, then by their right one.
    List<Merge> merges() {
        List<Merge> merges = new ArrayList<>(pairs.size());
        for (int pair = 0; pair < pairs.size(); pair++) {
            merges.add(new Merge(pairs.left(pair), pairs.right(pair), results[pair]));
        }
        if (byToken) {
            merges.sort(Comparator.comparingInt(Merge::result)
                    .thenComparingInt(Merge::left)
                    .thenComparingInt(Merge::right));
        }
        return merges;
    }
}
