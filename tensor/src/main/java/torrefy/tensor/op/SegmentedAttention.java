package torrefy.tensor.op;

import torrefy.core.backend.AttentionKernels;
import torrefy.core.memory.NdArray;
import torrefy.core.shape.Shape;
import torrefy.tensor.Segments;
import torrefy.tensor.Segments.Segment;

/// Attention of one segment after the other, each by the kernels it is given: with segments of n of the T positions,
/// n/T of the work, because what is between two segments is not masked but never computed.
///
/// @param kernels of the backend
/// @param segments of queries and keys alike, `S = T`
record SegmentedAttention(AttentionKernels kernels, Segments segments) implements AttentionKernels {

    /// The kernels to use: `kernels` themselves if there are no segments.
    ///
    /// @param segments may be null
    /// @throws IllegalArgumentException if the segments are of other sequences than these
    static AttentionKernels of(AttentionKernels kernels, Segments segments, int sequences, int queries, int keys) {
        if (segments == null) {
            return kernels;
        }
        if (segments.sequences() != sequences || segments.length() != queries || queries != keys) {
            throw new IllegalArgumentException("attention: segments of " + segments.sequences() + " sequences of "
                    + segments.length() + " positions do not fit " + sequences + " sequences of " + queries
                    + " queries and " + keys + " keys");
        }
        return new SegmentedAttention(kernels, segments);
    }

    @Override
    public void causalAttention(NdArray out, NdArray logSumExp, NdArray q, NdArray k, NdArray v, float scale) {
        for (Segment segment : segments.all()) {
            kernels.causalAttention(
                    part(out, segment),
                    rows(logSumExp, segment),
                    part(q, segment),
                    part(k, segment),
                    part(v, segment),
                    scale);
        }
    }

    @Override
    public void causalAttentionGradient(
            NdArray dQ,
            NdArray dK,
            NdArray dV,
            NdArray dOut,
            NdArray out,
            NdArray logSumExp,
            NdArray q,
            NdArray k,
            NdArray v,
            float scale) {
        for (Segment segment : segments.all()) {
            kernels.causalAttentionGradient(
                    part(dQ, segment),
                    part(dK, segment),
                    part(dV, segment),
                    part(dOut, segment),
                    part(out, segment),
                    rows(logSumExp, segment),
                    part(q, segment),
                    part(k, segment),
                    part(v, segment),
                    scale);
        }
    }

    /// The segment's `(1, H, n, D)` of `(B, H, T, D)`.
    private static NdArray part(NdArray all, Segment segment) {
        return all.with(all.layout().slice(0, segment.sequence(), 1).slice(2, segment.from(), segment.length()));
    }

    /// `(1, H, n)` in the memory of `(B, H, T)`, without gaps, as kernels want it: the segments of a sequence, of any
    /// number of heads, share its memory one after the other.
    private NdArray rows(NdArray logSumExp, Segment segment) {
        int heads = logSumExp.size(1);
        int at = logSumExp.layout().offset() + heads * (segment.sequence() * segments.length() + segment.from());
        return NdArray.of(logSumExp.buffer().slice(at, heads * segment.length()), Shape.of(1, heads, segment.length()));
    }
}
