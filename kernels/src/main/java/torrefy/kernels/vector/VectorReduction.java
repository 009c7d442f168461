package torrefy.kernels.vector;

import static torrefy.kernels.vector.Lanes.COUNT;
import static torrefy.kernels.vector.Lanes.FLOATS;

import java.util.concurrent.atomic.AtomicBoolean;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;
import torrefy.core.backend.ReductionKernels;
import torrefy.core.memory.NdArray;
import torrefy.core.parallel.ParallelLoop;
import torrefy.kernels.strided.StridedLoop;
import torrefy.kernels.strided.StridedReduction;

/// Sums, in double precision, half a register of floats at a time.
///
/// What it adds over [torrefy.kernels.scalar.ScalarReduction]: the compiler keeps the order of additions as it is
/// written, and so does not turn a scalar sum into SIMD code; here the order is that of registers. Maxima and runs
/// that are not contiguous are the scalar column's.
final class VectorReduction implements ReductionKernels {

    private static final VectorSpecies<Double> DOUBLES = FLOATS.withLanes(double.class);
    private static final VectorSpecies<Float> HALF =
            VectorSpecies.of(float.class, VectorShape.forBitSize(FLOATS.vectorBitSize() / 2));

    /// Elements in a piece of a pass over one long array, as in [VectorOptimizer].
    private static final int LONG_PIECE = 1 << 16;

    private final ParallelLoop loop;
    private final ReductionKernels scalar;

    VectorReduction(ParallelLoop loop, ReductionKernels scalar) {
        this.loop = loop;
        this.scalar = scalar;
    }

    @Override
    public void sum(NdArray out, NdArray in, boolean accumulate) {
        double[] sums = isOfColumns(out, in)
                ? ColumnSums.of(Matrix.of(in, in.start()), in.size(0), in.size(1), loop)
                : StridedReduction.of(out, in).run(loop, new Sum(in.floats()));
        float[] o = out.floats();
        int start = out.start();
        for (int i = 0; i < sums.length; i++) {
            o[start + i] = (float) (accumulate ? o[start + i] + sums[i] : sums[i]);
        }
    }

    private static boolean isOfColumns(NdArray out, NdArray in) {
        return in.rank() == 2 && in.stride(1) == 1 && out.size(0) == 1 && out.size(1) == in.size(1);
    }

    @Override
    public void max(NdArray out, NdArray in) {
        scalar.max(out, in);
    }

    private record Sum(float[] in) implements StridedReduction.Reducer {

        @Override
        public double neutral() {
            return 0;
        }

        @Override
        public double combine(double a, double b) {
            return a + b;
        }

        @Override
        public double along(int at, int stride, int length) {
            if (stride == 1) {
                return sumOfNeighbours(in, at, length);
            }
            double sum = 0;
            for (int i = 0; i < length; i++) {
                sum += in[at + i * stride];
            }
            return sum;
        }

        @Override
        public void across(double[] results, int at, int stride, int length) {
            if (stride == 1) {
                addNeighbours(results, in, at, length);
            } else {
                for (int i = 0; i < length; i++) {
                    results[i] += in[at + i * stride];
                }
            }
        }
    }

    private static double sumOfNeighbours(float[] x, int at, int length) {
        DoubleVector sum = DoubleVector.zero(DOUBLES);
        DoubleVector sum2 = sum;
        int i = 0;
        for (; i <= length - COUNT; i += COUNT) {
            FloatVector v = FloatVector.fromArray(FLOATS, x, at + i);
            sum = sum.add(v.convertShape(VectorOperators.F2D, DOUBLES, 0));
            sum2 = sum2.add(v.convertShape(VectorOperators.F2D, DOUBLES, 1));
        }
        double total = sum(sum.add(sum2));
        for (; i < length; i++) {
            total += x[at + i];
        }
        return total;
    }

    /// The sum of the lanes in order; see [Lanes].
    private static double sum(DoubleVector v) {
        double total = 0;
        for (double lane : v.toArray()) {
            total += lane;
        }
        return total;
    }

    private static void addNeighbours(double[] sums, float[] x, int at, int length) {
        int half = DOUBLES.length();
        int i = 0;
        for (; i <= length - COUNT; i += COUNT) {
            FloatVector v = FloatVector.fromArray(FLOATS, x, at + i);
            DoubleVector.fromArray(DOUBLES, sums, i)
                    .add(v.convertShape(VectorOperators.F2D, DOUBLES, 0))
                    .intoArray(sums, i);
            DoubleVector.fromArray(DOUBLES, sums, i + half)
                    .add(v.convertShape(VectorOperators.F2D, DOUBLES, 1))
                    .intoArray(sums, i + half);
        }
        for (; i < length; i++) {
            sums[i] += x[at + i];
        }
    }

    @Override
    public double sumOfSquares(NdArray in) {
        float[] x = in.floats();
        int elements = in.elements();
        double[] partial = new double[Math.ceilDiv(elements, LONG_PIECE)];
        loop.run(partial.length, (piece, worker) -> {
            int from = piece * LONG_PIECE;
            partial[piece] = squares(x, in.start() + from, Math.min(LONG_PIECE, elements - from));
        });
        double sum = 0;
        for (double part : partial) {
            sum += part;
        }
        return sum;
    }

    /// Four sums side by side, each over a quarter of its own: an addition waits for the one before it, and memory
    /// delivers four streams faster than one. Half a register of floats fills one of doubles.
    private static double squares(float[] x, int at, int length) {
        int half = DOUBLES.length();
        int quarter = length / 4 - length / 4 % half;
        DoubleVector sum0 = DoubleVector.zero(DOUBLES);
        DoubleVector sum1 = sum0;
        DoubleVector sum2 = sum0;
        DoubleVector sum3 = sum0;
        for (int i = 0; i < quarter; i += half) {
            DoubleVector x0 = doubles(x, at + i);
            DoubleVector x1 = doubles(x, at + quarter + i);
            DoubleVector x2 = doubles(x, at + 2 * quarter + i);
            DoubleVector x3 = doubles(x, at + 3 * quarter + i);
            sum0 = x0.fma(x0, sum0);
            sum1 = x1.fma(x1, sum1);
            sum2 = x2.fma(x2, sum2);
            sum3 = x3.fma(x3, sum3);
        }
        double total = sum(sum0.add(sum1).add(sum2.add(sum3)));
        for (int i = 4 * quarter; i < length; i++) {
            total += (double) x[at + i] * x[at + i];
        }
        return total;
    }

    private static DoubleVector doubles(float[] x, int at) {
        return (DoubleVector) FloatVector.fromArray(HALF, x, at).convertShape(VectorOperators.F2D, DOUBLES, 0);
    }

    @Override
    public boolean allFinite(NdArray in) {
        float[] x = in.floats();
        AtomicBoolean finite = new AtomicBoolean(true);
        StridedLoop.over(in).run(loop, (at, stride, length) -> {
            if (!areFinite(x, at[0], length)) {
                finite.set(false);
            }
        });
        return finite.get();
    }

    /// 0·x is 0 where x is finite and NaN where it is not.
    private static boolean areFinite(float[] x, int at, int length) {
        FloatVector zero = FloatVector.zero(FLOATS);
        int i = 0;
        for (; i <= length - COUNT; i += COUNT) {
            zero = FloatVector.fromArray(FLOATS, x, at + i).fma(FloatVector.zero(FLOATS), zero);
        }
        float rest = Lanes.sum(zero);
        for (; i < length; i++) {
            rest += 0 * x[at + i];
        }
        return rest == 0;
    }
}
