package torrefy.model.layer;

import torrefy.core.backend.Backend;
import torrefy.core.backend.RotaryKernels.Pairing;
import torrefy.tensor.Tensor;

/// Positions told to attention by turning queries and keys: pair i of position t is turned by `t·base^(−2i/D)`, so
/// that their product depends on the distance alone. Su et al., "RoFormer", arXiv 2104.09864, section 3.2.
///
/// The angles are tabulated once, in double precision.
public final class RotaryEmbedding implements PositionEmbedding {

    private final Tensor cos;
    private final Tensor sin;
    private final Pairing pairing;

    /// @param context the number of positions to tabulate
    /// @param headSize D, even
    /// @param base 10,000 in the paper
    public RotaryEmbedding(Backend backend, int context, int headSize, double base, Pairing pairing) {
        if (headSize < 2 || headSize % 2 != 0 || context < 1 || !(base > 0)) {
            throw new IllegalArgumentException(
                    "rotary embedding: needs an even head size, a context of at least 1 and a" + " base above 0; got "
                            + headSize + ", " + context + ", " + base);
        }
        int half = headSize / 2;
        float[] cosines = new float[context * half];
        float[] sines = new float[context * half];
        for (int i = 0; i < half; i++) {
            double speed = Math.pow(base, -2.0 * i / headSize);
            for (int t = 0; t < context; t++) {
                cosines[t * half + i] = (float) Math.cos(t * speed);
                sines[t * half + i] = (float) Math.sin(t * speed);
            }
        }
        this.cos = Tensor.of(backend, cosines, context, half);
        this.sin = Tensor.of(backend, sines, context, half);
        this.pairing = pairing;
    }

    @Override
    public Tensor atInput(Tensor tokens, int from) {
        return tokens;
    }

    @Override
    public Tensor inAttention(Tensor heads, int from) {
        return forward(heads, from);
    }

    /// `(…, T, D)`, unchanged in shape; its first position is number `from`.
    public Tensor forward(Tensor x, int from) {
        int to = from + x.size(-2);
        if (from < 0 || to > cos.size(0)) {
            throw new IllegalArgumentException("rotary embedding: positions " + from + " to " + (to - 1)
                    + " are outside" + " the " + cos.size(0) + " that are tabulated");
        }
        return x.rotary(cos.slice(0, from, to), sin.slice(0, from, to), pairing);
    }
}
