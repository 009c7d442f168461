package torrefy.tensor.op;

import java.util.List;
import torrefy.core.backend.AttentionKernels;
import torrefy.core.backend.Backend;
import torrefy.core.memory.NdArray;
import torrefy.core.shape.Shape;
import torrefy.tensor.Gradients;
import torrefy.tensor.Segments;
import torrefy.tensor.Tensor;

/// [CausalAttention] of queries, keys and values that lie side by side in one `projection`: they are read where they
/// are, and their gradients are written straight into the three parts of one gradient, `dProjection = [dQ, dK, dV]`.
///
/// Shapes: `(B, T, 3C)` gives `(B, T, C)`, with `C = H·D` in both. Source: [torrefy.core.backend.AttentionKernels].
///
/// @param segments beyond whose beginning nothing looks; null for one that is the whole sequence
public record SelfAttention(Saved projection, int heads, Saved out, Tensor logSumExp, Segments segments) implements Op {

    public static Tensor apply(Tensor projection, int heads, Segments segments) {
        Backend backend = Operands.backend("selfAttention", projection);
        if (projection.rank() != 3 || heads < 1 || projection.size(2) % (3 * heads) != 0) {
            throw new IllegalArgumentException("selfAttention: wanted (B, T, 3C) with C a multiple of " + heads
                    + " heads, got " + projection.shape());
        }
        Tensor dense = projection.contiguous();
        NdArray all = dense.data();
        int channels = all.size(2) / 3;
        Tensor out = Tensor.of(backend, Tensor.allocate(backend, all.shape().with(2, channels)));
        NdArray logSumExp = Tensor.allocate(backend, Shape.of(all.size(0), heads, all.size(1)));
        kernels(backend, segments, all)
                .causalAttention(
                        byHead(out.data(), heads, 0, channels),
                        logSumExp,
                        byHead(all, heads, 0, channels),
                        byHead(all, heads, 1, channels),
                        byHead(all, heads, 2, channels),
                        scale(channels / heads));
        return out.madeBy(
                new SelfAttention(Saved.of(dense), heads, Saved.of(out), Tensor.of(backend, logSumExp), segments));
    }

    private static AttentionKernels kernels(Backend backend, Segments segments, NdArray all) {
        return SegmentedAttention.of(backend.attention(), segments, all.size(0), all.size(1), all.size(1));
    }

    private static float scale(int headSize) {
        return (float) (1 / Math.sqrt(headSize));
    }

    /// The `part`-th C of the channels, as `(B, H, T, D)`: a view.
    private static NdArray byHead(NdArray all, int heads, int part, int channels) {
        Shape split = Shape.of(all.size(0), all.size(1), heads, channels / heads);
        NdArray third =
                all.with(all.layout().slice(2, part * channels, channels)).reshape(split);
        return third.with(third.layout().transpose(1, 2));
    }

    @Override
    public List<Tensor> inputs() {
        return List.of(projection.original());
    }

    @Override
    public List<Tensor> own() {
        return Saved.own(List.of(projection, out), logSumExp);
    }

    @Override
    public List<Tensor> saved() {
        return List.of(projection.kept(), out.kept());
    }

    @Override
    public void backward(Tensor dOut, Gradients gradients) {
        NdArray all = projection.values().data();
        Backend backend = logSumExp.backend();
        int channels = all.size(2) / 3;
        Tensor dProjection = Tensor.of(backend, Tensor.allocate(backend, all.shape()));
        kernels(backend, segments, all)
                .causalAttentionGradient(
                        byHead(dProjection.data(), heads, 0, channels),
                        byHead(dProjection.data(), heads, 1, channels),
                        byHead(dProjection.data(), heads, 2, channels),
                        byHead(dOut.contiguous().data(), heads, 0, channels),
                        byHead(out.values().data(), heads, 0, channels),
                        logSumExp.data(),
                        byHead(all, heads, 0, channels),
                        byHead(all, heads, 1, channels),
                        byHead(all, heads, 2, channels),
                        scale(channels / heads));
        gradients.give(projection.original(), dProjection);
    }
}
