package torrefy.model.layer;

import torrefy.core.backend.Backend;
import torrefy.core.backend.RotaryKernels.Pairing;
import torrefy.tensor.Tensor;

/// Positions told to attention by turning queries and keys: pair i of position t is turned by `t·base^(−2i/D)`, so
/// that their product depends on the distance alone. Su et al., "RoFormer", arXiv 2104.09864, section 3.2.
///
/// The angles are tabulated, in double precision, as far as positions were asked for: a long context that nobody fills
/// takes no memory.
public final class RotaryEmbedding implements PositionEmbedding {

    /// The table begins with so many positions and grows to the double.
    private static final int FIRST = 64;

    private final Backend backend;
    private final int context;
    private final int headSize;
    private final double base;
    private final Pairing pairing;
    /// `(positions tabulated, D/2)`
    private Tensor cos;
    private Tensor sin;

    /// @param context the number of positions
    /// @param headSize D, even
    /// @param base 10,000 in the paper
    public RotaryEmbedding(Backend backend, int context, int headSize, double base, Pairing pairing) {
        if (headSize < 2 || headSize % 2 != 0 || context < 1 || !(base > 0)) {
            throw new IllegalArgumentException(
                    "rotary embedding: needs an even head size, a context of at least 1 and a base above 0; got "
                            + headSize + ", " + context + ", " + base);
        }
        this.backend = backend;
        this.context = context;
        this.headSize = headSize;
        this.base = base;
        this.pairing = pairing;
        tabulate(Math.min(FIRST, context));
    }

    private void tabulate(int positions) {
        int half = headSize / 2;
        float[] cosines = new float[Math.multiplyExact(positions, half)];
        float[] sines = new float[cosines.length];
        for (int i = 0; i < half; i++) {
            double speed = Math.pow(base, -2.0 * i / headSize);
            for (int t = 0; t < positions; t++) {
                cosines[t * half + i] = (float) Math.cos(t * speed);
                sines[t * half + i] = (float) Math.sin(t * speed);
            }
        }
        cos = Tensor.of(backend, cosines, positions, half);
        sin = Tensor.of(backend, sines, positions, half);
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
        if (from < 0 || to > context) {
            throw new IllegalArgumentException("rotary embedding: positions " + from + " to " + (to - 1)
                    + " are outside the " + context + " of the context");
        }
        if (to > cos.size(0)) {
            tabulate((int) Math.min(context, Math.max(to, 2L * cos.size(0))));
        }
        return x.rotary(cos.slice(0, from, to), sin.slice(0, from, to), pairing);
    }
}
