package torrefy.kernels.vector;

import static torrefy.kernels.vector.Lanes.COUNT;
import static torrefy.kernels.vector.Lanes.FLOATS;

import java.util.Arrays;
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

    private final ParallelLoop loop;
    private final Column[][] columns;

    VectorOptimizer(ParallelLoop loop) {
        this.loop = loop;
        columns = new Column[loop.threads()][3];
        for (Column[] own : columns) {
            Arrays.setAll(own, k -> new Column());
        }
    }

    @Override
    public void adamW(NdArray weights, NdArray gradient, NdArray m, NdArray v, AdamWStep step) {
        float[] g = gradient.floats();
        Factors factors = new Factors(step);
        RoundingBits[] roundings = {step.weightRounding(), step.mRounding(), step.vRounding()};
        boolean direct = weights.type() == DataType.F32 && m.type() == DataType.F32 && v.type() == DataType.F32;
        int elements = weights.elements();
        loop.run(Math.ceilDiv(elements, PIECE), (piece, worker) -> {
            int end = Math.min(elements, (piece + 1) * PIECE);
            int chunk = direct ? PIECE : CHUNK;
            Column[] own = columns[worker];
            for (int from = piece * PIECE; from < end; from += chunk) {
                int length = Math.min(chunk, end - from);
                own[0].load(weights, from, length);
                own[1].load(m, from, length);
                own[2].load(v, from, length);
                factors.update(
                        own[0].array,
                        own[0].start,
                        g,
                        gradient.start() + from,
                        own[1].array,
                        own[1].start,
                        own[2].array,
                        own[2].start,
                        length);
                own[0].store(weights, from, length, roundings[0]);
                own[1].store(m, from, length, roundings[1]);
                own[2].store(v, from, length, roundings[2]);
            }
        });
    }

    /// A part of an array as floats: where it lies, or widened.
    private static final class Column {
        private final float[] widened = new float[CHUNK];
        private float[] array;
        private int start;

        void load(NdArray from, int at, int length) {
            if (from.type() == DataType.BF16) {
                Bfloat16Lanes.widen(widened, 0, from.bfloat16s(), from.start() + at, length);
                array = widened;
                start = 0;
            } else {
                array = from.floats();
                start = from.start() + at;
            }
        }

        void store(NdArray to, int at, int length, RoundingBits rounding) {
            if (to.type() == DataType.BF16) {
                Bfloat16Lanes.round(to.bfloat16s(), to.start() + at, widened, 0, length, rounding, at);
            }
        }
    }

    /// The numbers that are the same for all parameters.
    private record Factors(
            float scale, float beta1, float beta2, float keep, float rate, float secondScale, float epsilon) {

        Factors(AdamWStep step) {
            this(
                    step.gradientScale(),
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
                FloatVector scaled = FloatVector.fromArray(FLOATS, g, gAt + i).mul(scale);
                FloatVector mean =
                        FloatVector.fromArray(FLOATS, m, mAt + i).mul(beta1).add(scaled.mul(1 - beta1));
                FloatVector square = FloatVector.fromArray(FLOATS, v, vAt + i)
                        .mul(beta2)
                        .add(scaled.mul(1 - beta2).mul(scaled));
                mean.intoArray(m, mAt + i);
                square.intoArray(v, vAt + i);
                FloatVector root = square.mul(secondScale).sqrt();
                FloatVector change = mean.mul(rate).div(root.add(epsilon));
                FloatVector.fromArray(FLOATS, w, wAt + i).mul(keep).sub(change).intoArray(w, wAt + i);
                zero.intoArray(g, gAt + i);
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
