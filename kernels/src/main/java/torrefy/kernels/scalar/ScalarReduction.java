package torrefy.kernels.scalar;

import java.util.concurrent.atomic.AtomicBoolean;
import torrefy.core.backend.ReductionKernels;
import torrefy.core.memory.NdArray;
import torrefy.core.parallel.ParallelLoop;
import torrefy.kernels.strided.StridedLoop;
import torrefy.kernels.strided.StridedReduction;

/// Sums and maxima, in double precision, rounded once at the end.
final class ScalarReduction implements ReductionKernels {

    private final ParallelLoop loop;

    ScalarReduction(ParallelLoop loop) {
        this.loop = loop;
    }

    @Override
    public void sum(NdArray out, NdArray in, boolean accumulate) {
        double[] sums = StridedReduction.of(out, in).run(loop, new Sum(in.floats()));
        float[] o = out.floats();
        int start = out.start();
        for (int i = 0; i < sums.length; i++) {
            o[start + i] = (float) (accumulate ? o[start + i] + sums[i] : sums[i]);
        }
    }

    @Override
    public void max(NdArray out, NdArray in) {
        double[] largest = StridedReduction.of(out, in).run(loop, new Max(in.floats()));
        float[] o = out.floats();
        int start = out.start();
        for (int i = 0; i < largest.length; i++) {
            o[start + i] = (float) largest[i];
        }
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

        /// Four sums side by side, because an addition waits for the one before it.
        @Override
        public double along(int at, int stride, int length) {
            double sum0 = 0;
            double sum1 = 0;
            double sum2 = 0;
            double sum3 = 0;
            int i = 0;
            for (; i < length - 3; i += 4) {
                sum0 += in[at + i * stride];
                sum1 += in[at + (i + 1) * stride];
                sum2 += in[at + (i + 2) * stride];
                sum3 += in[at + (i + 3) * stride];
            }
            for (; i < length; i++) {
                sum0 += in[at + i * stride];
            }
            return (sum0 + sum1) + (sum2 + sum3);
        }

        @Override
        public void across(double[] results, int at, int stride, int length) {
            for (int i = 0; i < length; i++) {
                results[i] += in[at + i * stride];
            }
        }
    }

    private record Max(float[] in) implements StridedReduction.Reducer {

        @Override
        public double neutral() {
            return Double.NEGATIVE_INFINITY;
        }

        @Override
        public double combine(double a, double b) {
            return Math.max(a, b);
        }

        @Override
        public double along(int at, int stride, int length) {
            float largest = Float.NEGATIVE_INFINITY;
            for (int i = 0; i < length; i++) {
                largest = Math.max(largest, in[at + i * stride]);
            }
            return largest;
        }

        @Override
        public void across(double[] results, int at, int stride, int length) {
            for (int i = 0; i < length; i++) {
                results[i] = Math.max(results[i], in[at + i * stride]);
            }
        }
    }

    @Override
    public double sumOfSquares(NdArray in) {
        float[] x = in.floats();
        StridedLoop elements = StridedLoop.over(in);
        double[] partial = new double[elements.pieces()];
        loop.run(
                partial.length,
                (piece, worker) -> elements.piece(piece, (at, stride, length) -> {
                    double sum = 0;
                    for (int i = 0; i < length; i++) {
                        double value = x[at[0] + i];
                        sum += value * value;
                    }
                    partial[piece] = sum;
                }));
        double sum = 0;
        for (double part : partial) {
            sum += part;
        }
        return sum;
    }

    @Override
    public boolean allFinite(NdArray in) {
        float[] x = in.floats();
        AtomicBoolean finite = new AtomicBoolean(true);
        StridedLoop.over(in).run(loop, (at, stride, length) -> {
            // 0·x is 0 where x is finite and NaN where it is not.
            float zero = 0;
            for (int i = 0; i < length; i++) {
                zero += 0 * x[at[0] + i];
            }
            if (zero != 0) {
                finite.set(false);
            }
        });
        return finite.get();
    }
}
