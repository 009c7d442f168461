package torrefy.tensor.op;

import java.util.List;
import torrefy.core.backend.AttentionKernels;
import torrefy.core.backend.Backend;
import torrefy.core.memory.NdArray;
import torrefy.core.shape.Shape;
import torrefy.tensor.Gradients;
import torrefy.tensor.Segments;
import torrefy.tensor.Tensor;

/// `out = softmax(q·kᵀ/√D, causal)·v`. With `P` the probabilities, `dP = dOut·vᵀ` and `dS = P ⊙ (dP − Σ dOut ⊙ out)`:
/// `dQ = dS·k/√D`, `dK = Σ dSᵀ·q/√D`, `dV = Σ Pᵀ·dOut`. P is recomputed from the scores and `logSumExp`, never stored.
///
/// Shapes: `(B, H, T, D)`, `(B, G, S, D)`, `(B, G, S, D)` give `(B, H, T, D)`. With S > T the queries are the last T of
/// S positions; with H > G, a multiple, every H/G heads of queries share one of keys and values, whose gradients are
/// summed over them. Source: [torrefy.core.backend.AttentionKernels].
///
/// @param segments beyond whose beginning nothing looks; null for one that is the whole sequence
public record CausalAttention(Saved q, Saved k, Saved v, Saved out, Tensor logSumExp, float scale, Segments segments)
        implements Op {

    public static Tensor apply(Tensor q, Tensor k, Tensor v, Segments segments) {
        Backend backend = Operands.backend("causalAttention", q, k, v);
        if (q.rank() != 4
                || !k.shape().equals(v.shape())
                || k.rank() != 4
                || !k.shape().with(1, q.size(1)).with(2, q.size(2)).equals(q.shape())
                || k.size(1) < 1
                || q.size(1) % k.size(1) != 0
                || k.size(2) < q.size(2)) {
            throw new IllegalArgumentException("causalAttention: shapes do not fit: queries " + q.shape() + ", keys "
                    + k.shape() + ", values " + v.shape()
                    + "; wanted (B, H, T, D), (B, G, S, D), (B, G, S, D), H a multiple of G, S >= T");
        }
        AttentionKernels kernels =
                SegmentedAttention.of(backend.attention(), segments, q.size(0), q.size(2), k.size(2));
        float scale = (float) (1 / Math.sqrt(q.size(3)));
        Tensor queries = unitInner(q);
        Tensor keys = unitInner(k);
        Tensor values = unitInner(v);
        Tensor out = Tensor.of(backend, headsInside(backend, q.shape()));
        NdArray logSumExp = Tensor.allocate(backend, q.shape().slice(0, 3));
        kernels.causalAttention(out.data(), logSumExp, queries.data(), keys.data(), values.data(), scale);
        return out.madeBy(new CausalAttention(
                Saved.of(queries),
                Saved.of(keys),
                Saved.of(values),
                Saved.of(out),
                Tensor.of(backend, logSumExp),
                scale,
                segments));
    }

    /// Memory for `(B, H, T, D)` that lies as `(B, T, H, D)`: joining the heads into channels is then a view.
    private static NdArray headsInside(Backend backend, Shape shape) {
        NdArray memory = Tensor.allocate(backend, Shape.of(shape.size(0), shape.size(2), shape.size(1), shape.size(3)));
        return memory.with(memory.layout().transpose(1, 2));
    }

    private static Tensor unitInner(Tensor tensor) {
        return tensor.data().stride(-1) == 1 ? tensor : Copy.apply(tensor);
    }

    @Override
    public List<Tensor> inputs() {
        return List.of(q.original(), k.original(), v.original());
    }

    @Override
    public List<Tensor> own() {
        return Saved.own(List.of(q, k, v, out), logSumExp);
    }

    @Override
    public List<Tensor> saved() {
        return List.of(q.kept(), k.kept(), v.kept(), out.kept());
    }

    @Override
    public void backward(Tensor dOut, Gradients gradients) {
        Backend backend = logSumExp.backend();
        Tensor dQ = Tensor.of(backend, headsInside(backend, q.original().shape()));
        Tensor dK = Tensor.of(backend, headsInside(backend, k.original().shape()));
        Tensor dV = Tensor.of(backend, headsInside(backend, v.original().shape()));
        SegmentedAttention.of(
                        backend.attention(),
                        segments,
                        q.original().size(0),
                        q.original().size(2),
                        k.original().size(2))
                .causalAttentionGradient(
                        dQ.data(),
                        dK.data(),
                        dV.data(),
                        unitInner(dOut).data(),
                        out.values().data(),
                        logSumExp.data(),
                        q.values().data(),
                        k.values().data(),
                        v.values().data(),
                        scale);
        gradients.give(q.original(), dQ);
        gradients.give(k.original(), dK);
        gradients.give(v.original(), dV);
    }
}
