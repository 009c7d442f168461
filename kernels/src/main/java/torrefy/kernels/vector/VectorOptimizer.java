package torrefy.kernels.vector;

import static torrefy.kernels.vector.Lanes.COUNT;
import static torrefy.kernels.vector.Lanes.FLOATS;

import java.util.ArrayList;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import torrefy.core.backend.OptimizerKernels;
import torrefy.core.memory.DataType;
import torrefy.core.memory.NdArray;
import torrefy.core.parallel.ParallelLoop;
import torrefy.core.random.RoundingBits;

/// AdamW, a register of parameters at once.
///
/// What it adds over [torrefy.kernels.scalar.ScalarOptimizer], and `OptimizerBenchmark` shows: the update runs at the
/// speed of memory, of which four streams are read and the same four written; the square root and the division hide
/// behind them.
final class VectorOptimizer implements OptimizerKernels {

    /// Elements in a piece of work: 256 KiB of each of the four arrays, so that the processor's prefetching, which
    /// begins anew with each piece, has a long way to run.
    private static final int PIECE = 1 << 16;

    /// Elements that are widened at a time, where an array is `BF16`: they stay in the first-level cache from there to
    /// the rounding.
    private static final int CHUNK = 1 << 10;

    /// Between widened parts, so that they lie apart by other than a multiple of 4 KiB; see [Factors#update].
    private static final int GAP = 320;

    private static final int PART = CHUNK + GAP;

    private final ParallelLoop loop;
    private final float[][] widened;

    VectorOptimizer(ParallelLoop loop) {
        this.loop = loop;
        widened = new float[loop.threads()][3 * PART];
    }

    @Override
    public void adamW(NdArray weights, NdArray gradient, NdArray m, NdArray v, NdArray factor, AdamWStep step) {
        float clipping = factor == null ? 1 : factor.floats()[factor.start()];
        if (Float.isNaN(clipping)) {
            return;
        }
        Factors factors = new Factors(step, clipping);
        int elements = weights.elements();
        if (weights.type() == DataType.F32 && m.type() == DataType.F32 && v.type() == DataType.F32) {
            Stage update = update(factors, weights, gradient, m, v);
            loop.run(Math.ceilDiv(elements, PIECE), (piece, worker) -> {
                int from = piece * PIECE;
                update.run(widened[worker], from, Math.min(PIECE, elements - from));
            });
            return;
        }
        List<Stage> all = new ArrayList<>();
        NdArray[] arrays = {weights, m, v};
        RoundingBits[] roundings = {step.weightRounding(), step.mRounding(), step.vRounding()};
        all.add(update(factors, weights, gradient, m, v));
        for (int k = 0; k < 3; k++) {
            if (arrays[k].type() == DataType.BF16) {
                all.addFirst(widening(arrays[k], k * PART));
                all.addLast(rounding(arrays[k], k * PART, roundings[k]));
            }
        }
        Stage[] stages = all.toArray(Stage[]::new);
        loop.run(Math.ceilDiv(elements, PIECE), (piece, worker) -> {
            int end = Math.min(elements, (piece + 1) * PIECE);
            for (int from = piece * PIECE; from < end; from += CHUNK) {
                for (Stage stage : stages) {
                    stage.run(widened[worker], from, Math.min(CHUNK, end - from));
                }
            }
        });
    }

    /// What is done with the elements from `from` on. Each kind of stage is compiled by itself: all of them in one
    /// would
    /// be more than the compiler takes, and what it leaves out costs an object for each register.
    @FunctionalInterface
    private interface Stage {
        /// @param memory where parts of `BF16` arrays lie while they are floats
        void run(float[] memory, int from, int length);
    }

    private static Stage widening(NdArray array, int at) {
        short[] stored = array.bfloat16s();
        return (memory, from, length) -> Bfloat16Lanes.widen(memory, at, stored, array.start() + from, length);
    }

    private static Stage rounding(NdArray array, int at, RoundingBits bits) {
        short[] stored = array.bfloat16s();
        return (memory, from, length) ->
                Bfloat16Lanes.round(stored, array.start() + from, memory, at, length, bits, from);
    }

    /// Reads and writes each array where it lies, or where it was widened.
    private static Stage update(Factors factors, NdArray weights, NdArray gradient, NdArray m, NdArray v) {
        boolean[] direct = {weights.type() == DataType.F32, m.type() == DataType.F32, v.type() == DataType.F32};
        float[] w = direct[0] ? weights.floats() : null;
        float[] first = direct[1] ? m.floats() : null;
        float[] second = direct[2] ? v.floats() : null;
        float[] g = gradient.floats();
        return (memory, from, length) -> factors.update(
                direct[0] ? w : memory,
                direct[0] ? weights.start() + from : 0,
                g,
                gradient.start() + from,
                direct[1] ? first : memory,
                direct[1] ? m.start() + from : PART,
                direct[2] ? second : memory,
                direct[2] ? v.start() + from : 2 * PART,
                length);
    }

    /// The numbers that are the same for all parameters.
    private record Factors(
            float scale, float beta1, float beta2, float keep, float rate, float secondScale, float epsilon) {

        Factors(AdamWStep step, float clipping) {
            this(
                    step.gradientScale() * clipping,
                    step.beta1(),
                    step.beta2(),
                    1 - step.learningRate() * step.weightDecay(),
                    step.learningRate() / step.correction1(),
                    1 / step.correction2(),
                    step.epsilon());
        }

        void update(float[] w, int wAt, float[] g, int gAt, float[] m, int mAt, float[] v, int vAt, int length) {
            FloatVector zero = FloatVector.zero(FLOATS);
            int i = 0;
            for (; i <= length - COUNT; i += COUNT) {
                // All is read before anything is written: a load behind a store to an address that ends in the same
                // twelve bits waits for it.
                FloatVector weight = FloatVector.fromArray(FLOATS, w, wAt + i);
                FloatVector scaled = FloatVector.fromArray(FLOATS, g, gAt + i).mul(scale);
                FloatVector mean =
                        FloatVector.fromArray(FLOATS, m, mAt + i).mul(beta1).add(scaled.mul(1 - beta1));
                FloatVector square = FloatVector.fromArray(FLOATS, v, vAt + i)
                        .mul(beta2)
                        .add(scaled.mul(1 - beta2).mul(scaled));
                FloatVector root = square.mul(secondScale).sqrt();
                FloatVector change = mean.mul(rate).div(root.add(epsilon));
                mean.intoArray(m, mAt + i);
                square.intoArray(v, vAt + i);
                zero.intoArray(g, gAt + i);
                weight.mul(keep).sub(change).intoArray(w, wAt + i);
            }
            for (; i < length; i++) {
                float scaled = scale * g[gAt + i];
                float mean = beta1 * m[mAt + i] + (1 - beta1) * scaled;
                float square = beta2 * v[vAt + i] + (1 - beta2) * scaled * scaled;
                m[mAt + i] = mean;
                v[vAt + i] = square;
                float root = (float) Math.sqrt(square * secondScale);
                w[wAt + i] = keep * w[wAt + i] - rate * mean / (root + epsilon);
                g[gAt + i] = 0;
            }
        }
    }
}
