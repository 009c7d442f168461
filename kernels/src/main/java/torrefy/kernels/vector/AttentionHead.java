package torrefy.kernels.vector;

import torrefy.core.memory.NdArray;
import torrefy.kernels.strided.Batch;

/// What attention reads of one head: queries (T, D), keys and values (S, D), which heads of one group share.
record AttentionHead(Matrix q, Matrix k, Matrix v, int queries, int keys, int size, float scale) {

    /// @param number of the head of queries
    static AttentionHead of(int number, NdArray q, NdArray k, NdArray v, float scale) {
        int shared = number / group(q, k);
        return new AttentionHead(
                matrix(q, number), matrix(k, shared), matrix(v, shared), q.size(2), k.size(2), q.size(3), scale);
    }

    /// How many heads of queries read the same keys.
    static int group(NdArray q, NdArray k) {
        return q.size(1) / k.size(1);
    }

    /// The (T, D) matrix of one head.
    static Matrix matrix(NdArray array, int head) {
        return new Matrix(array.floats(), Batch.start(array, 2, head), array.stride(2), array.stride(3));
    }

    /// How many keys query t sees.
    int visible(int t) {
        return keys - queries + t + 1;
    }
}
