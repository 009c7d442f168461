package torrefy.tokenizer;

import java.util.List;

/// Merges by the pair they join. The rank of a merge is its place in the order in which they were learned: a lower
/// rank goes first.
final class MergeTable {

    private final PairTable pairs = new PairTable();
    private final int[] results;

    MergeTable(List<Merge> merges) {
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

    /// The rank of the merge of a pair, or -1 if the pair is not merged.
    int rank(int left, int right) {
        return pairs.find(left, right);
    }

    int result(int rank) {
        return results[rank];
    }
}
