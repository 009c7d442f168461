package torrefy.core.backend;

import torrefy.core.memory.NdArray;

/// Reading and adding at computed places: embedding tables and their gradients.
///
/// Indices are contiguous `I32`. Out of range they are undefined here; the caller asks [#firstOutOfRange] before.
public interface IndexKernels {

    /// The position of the first index that is neither in `0 … limit − 1` nor equal to `ignore`, or −1 if there is
    /// none.
    int firstOutOfRange(NdArray indices, int limit, int ignore);

    /// `out[i, :] = table[indices[i], :]`. Shapes `(N, C)`, `(V, C)`, `(N)`; rows are contiguous inside.
    /// `table` may be `BF16`.
    void gatherRows(NdArray out, NdArray table, NdArray indices);

    /// `out[indices[i], :] += in[i, :]`, for i ascending: repeated indices are added in a fixed order. Shapes `(V, C)`,
    /// `(N)`, `(N, C)`; rows are contiguous inside.
    void scatterAddRows(NdArray out, NdArray indices, NdArray in);

    /// `out[o, i, n] = in[o, indices[o, i, n], n]`. Shapes `(O, I, N)`, `(O, J, N)`, `(O, I, N)`, all contiguous: an
    /// axis in the middle is picked from, the ones before and after it taken together.
    void gather(NdArray out, NdArray in, NdArray indices);

    /// `out[o, indices[o, i, n], n] += in[o, i, n]`, for i ascending. Shapes as for [#gather].
    void scatterAdd(NdArray out, NdArray indices, NdArray in);
}
