package torrefy.model.generation;

/// Tokens by score, the best first, of equal scores the lower id. Only as many are sorted as are asked for.
///
/// One array of numbers that order as score and id do: in front a binary heap of the tokens that are not ranked yet,
/// behind it the ranked ones, the best last.
final class Ranking {

    private final long[] keys;
    private int unranked;

    /// @param scores none of them NaN
    Ranking(float[] scores) {
        keys = new long[scores.length];
        unranked = scores.length;
        for (int token = 0; token < scores.length; token++) {
            keys[token] = (long) descending(scores[token]) << 32 | token;
        }
        for (int parent = unranked / 2 - 1; parent >= 0; parent--) {
            sink(keys[parent], parent);
        }
    }

    /// A whole number that is the smaller, the greater `score` is. The bits of a positive float order as the float
    /// does, those of a negative one the other way round; adding 0 makes −0 and 0 equal.
    private static int descending(float score) {
        int bits = Float.floatToIntBits(score + 0f);
        return bits < 0 ? bits & Integer.MAX_VALUE : ~bits;
    }

    /// The token at `rank`, from 0.
    int token(int rank) {
        while (keys.length - unranked <= rank) {
            long best = keys[0];
            unranked--;
            sink(keys[unranked], 0);
            keys[unranked] = best;
        }
        return (int) keys[keys.length - 1 - rank];
    }

    /// Puts `key` at the place of `parent`, or below it if a smaller one is there.
    private void sink(long key, int parent) {
        int child = 2 * parent + 1;
        while (child < unranked) {
            if (child + 1 < unranked && keys[child + 1] < keys[child]) {
                child++;
            }
            if (keys[child] >= key) {
                break;
            }
            keys[parent] = keys[child];
            parent = child;
            child = 2 * parent + 1;
        }
        keys[parent] = key;
    }
}
