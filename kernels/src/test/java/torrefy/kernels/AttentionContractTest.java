package torrefy.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import torrefy.core.backend.AttentionKernels;
import torrefy.core.shape.Layout;
import torrefy.core.shape.Shape;

@EveryColumn
class AttentionContractTest {

    /// B, H, T, S, D and, where it is not H, G
    private static final int[][] SIZES = {
        {1, 1, 1, 1, 1},
        {2, 3, 7, 7, 8},
        {1, 2, 13, 31, 5},
        {1, 2, 1, 31, 16},
        {2, 1, 31, 31, 64},
        {1, 1, 207, 207, 7},
        {1, 2, 70, 70, 33},
        {1, 1, 2, 4098, 4},
        {1, 1, 5, 7, 207},
        {1, 2, 300, 300, 16},
        {1, 1, 150, 407, 40},
        {2, 2, 0, 3, 4},
        {2, 6, 7, 7, 8, 2},
        {1, 4, 1, 31, 16, 2},
        {2, 3, 13, 31, 5, 1},
        {1, 4, 150, 300, 7, 2},
        {1, 3, 70, 150, 40, 1},
        {2, 4, 0, 3, 4, 2}
    };

    private final Column column;
    private final AttentionKernels kernels;

    AttentionContractTest(Column column) {
        this.column = column;
        this.kernels = column.backend().attention();
    }

    /// (B, H, T, D) as a projection leaves it: memory is (B, T, parts, H, D), and this is one of the parts.
    private static Layout projected(int part, int parts, int batch, int heads, int times, int size) {
        return Layout.contiguous(Shape.of(batch, times, parts, heads, size))
                .slice(2, part, 1)
                .permute(0, 3, 1, 4, 2)
                .reshape(Shape.of(batch, heads, times, size));
    }

    /// One problem, its solution in double precision, and the magnitudes that its rounding errors are measured against.
    private static final class Problem {
        final int batch;
        final int heads;
        final int keyHeads;
        final int times;
        final int keys;
        final int size;
        final float scale;
        final Sample q;
        final Sample k;
        final Sample v;
        final Sample dOut;
        final double[] out;
        final double[] outScale;
        final double[] logSum;
        final double[] logSumScale;

        Problem(int[] sizes, boolean fromProjection) {
            batch = sizes[0];
            heads = sizes[1];
            times = sizes[2];
            keys = sizes[3];
            size = sizes[4];
            keyHeads = sizes.length > 5 ? sizes[5] : heads;
            scale = (float) (1 / Math.sqrt(size));
            q = sample(1, fromProjection, 0, heads, times);
            k = sample(2, fromProjection, 1, keyHeads, keys);
            v = sample(3, fromProjection, 2, keyHeads, keys);
            dOut = sample(4, fromProjection, 0, heads, times);
            out = new double[batch * heads * times * size];
            outScale = new double[out.length];
            logSum = new double[batch * heads * times];
            logSumScale = new double[logSum.length];
            double[] values = v.values();
            for (int row = 0; row < logSum.length; row++) {
                double[] scores = dots(q, row, k);
                double[] sizes2 = magnitudes(q, row, k);
                double largest = Arrays.stream(scores).max().orElseThrow();
                double sum =
                        Arrays.stream(scores).map(s -> Math.exp(s - largest)).sum();
                double argument = Arrays.stream(sizes2).max().orElseThrow();
                logSum[row] = largest + Math.log(sum);
                logSumScale[row] = 1 + argument;
                for (int s = 0; s < scores.length; s++) {
                    double p = Math.exp(scores[s] - logSum[row]);
                    for (int d = 0; d < size; d++) {
                        double value = p * values[key(row, s) + d];
                        out[row * size + d] += value;
                        outScale[row * size + d] += Math.abs(value) * (1 + 2 * argument);
                    }
                }
            }
        }

        private Sample sample(int seed, boolean fromProjection, int part, int count, int length) {
            return fromProjection
                    ? Sample.normal(seed, projected(part, 3, batch, count, length, size))
                    : Sample.normal(seed, Placement.GAPPED, batch, count, length, size);
        }

        /// For what queries receive.
        Sample ofQueries(boolean fromProjection) {
            return result(fromProjection, heads, times);
        }

        /// For what keys or values receive.
        Sample ofKeys(boolean fromProjection) {
            return result(fromProjection, keyHeads, keys);
        }

        private Sample result(boolean fromProjection, int count, int length) {
            return fromProjection
                    ? Sample.unset(projected(0, 1, batch, count, length, size))
                    : Sample.unset(Placement.GAPPED, batch, count, length, size);
        }

        /// How many keys query `row` sees.
        int visible(int row) {
            return row % times + keys - times + 1;
        }

        /// Where, in row-major order, key s of the head of query `row` begins.
        int key(int row, int s) {
            return (row / times / (heads / keyHeads) * keys + s) * size;
        }

        /// `scale·q·k` with every key that query `row` sees; the query from `a`, the keys from `b`.
        double[] dots(Sample a, int row, Sample b) {
            return products(a, row, b, false);
        }

        double[] magnitudes(Sample a, int row, Sample b) {
            return products(a, row, b, true);
        }

        private double[] products(Sample a, int row, Sample b, boolean magnitudes) {
            double[] x = a == q ? queryValues() : gradientValues();
            double[] y = b == k ? keyValues() : valueValues();
            double factor = a == q ? scale : 1;
            double[] products = new double[visible(row)];
            for (int s = 0; s < products.length; s++) {
                for (int d = 0; d < size; d++) {
                    double product = factor * x[row * size + d] * y[key(row, s) + d];
                    products[s] += magnitudes ? Math.abs(product) : product;
                }
            }
            return products;
        }

        private double[] queries;
        private double[] keysRead;
        private double[] valuesRead;
        private double[] gradients;

        double[] queryValues() {
            return queries == null ? queries = q.values() : queries;
        }

        double[] keyValues() {
            return keysRead == null ? keysRead = k.values() : keysRead;
        }

        double[] valueValues() {
            return valuesRead == null ? valuesRead = v.values() : valuesRead;
        }

        double[] gradientValues() {
            return gradients == null ? gradients = dOut.values() : gradients;
        }
    }

    @Test
    void attentionFollowsTheDefinition() {
        for (int[] sizes : SIZES) {
            for (boolean fromProjection : new boolean[] {false, true}) {
                Problem p = new Problem(sizes, fromProjection);
                Sample out = p.ofQueries(fromProjection);
                Sample logSumExp = Sample.unset(p.batch, p.heads, p.times);
                kernels.causalAttention(out.array(), logSumExp.array(), p.q.array(), p.k.array(), p.v.array(), p.scale);
                double tolerance = Rounding.sum(Math.max(p.keys, p.size));
                String what = "attention " + Arrays.toString(sizes);
                logSumExp.assertIs(p.logSum, p.logSumScale, tolerance, what + ": logSumExp");
                out.assertIs(p.out, p.outScale, tolerance, what);
            }
        }
    }

    @Test
    void gradientsFollowTheirFormulas() {
        for (int[] sizes : SIZES) {
            for (boolean fromProjection : new boolean[] {false, true}) {
                gradients(sizes, fromProjection);
            }
        }
    }

    private void gradients(int[] sizes, boolean fromProjection) {
        Problem p = new Problem(sizes, fromProjection);
        // The rounded results of the forward pass are what backward is given.
        Sample out = Sample.of(floats(p.out), p.batch, p.heads, p.times, p.size);
        Sample logSumExp = Sample.of(floats(p.logSum), p.batch, p.heads, p.times);
        double[] o = out.values();
        double[] logSum = logSumExp.values();
        double[] dQ = new double[p.out.length];
        double[] dK = new double[p.batch * p.keyHeads * p.keys * p.size];
        double[] dV = new double[dK.length];
        double[] dQScale = new double[dQ.length];
        double[] dKScale = new double[dK.length];
        double[] dVScale = new double[dV.length];
        double[] q = p.queryValues();
        double[] k = p.keyValues();
        double[] dOut = p.gradientValues();
        for (int row = 0; row < logSum.length; row++) {
            double[] scores = p.dots(p.q, row, p.k);
            double[] sizeOfScores = p.magnitudes(p.q, row, p.k);
            double[] dP = p.dots(p.dOut, row, p.v);
            double[] sizeOfDP = p.magnitudes(p.dOut, row, p.v);
            double delta = 0;
            double sizeOfDelta = 0;
            for (int d = 0; d < p.size; d++) {
                delta += dOut[row * p.size + d] * o[row * p.size + d];
                sizeOfDelta += Math.abs(dOut[row * p.size + d] * o[row * p.size + d]);
            }
            for (int s = 0; s < scores.length; s++) {
                double probability = Math.exp(scores[s] - logSum[row]);
                double sizeOfP = probability * (1 + sizeOfScores[s] + Math.abs(logSum[row]));
                double dS = p.scale * probability * (dP[s] - delta);
                double sizeOfDS = p.scale * sizeOfP * (sizeOfDP[s] + sizeOfDelta);
                for (int d = 0; d < p.size; d++) {
                    int query = row * p.size + d;
                    int key = p.key(row, s) + d;
                    dQ[query] += dS * k[key];
                    dQScale[query] += sizeOfDS * Math.abs(k[key]);
                    dK[key] += dS * q[query];
                    dKScale[key] += sizeOfDS * Math.abs(q[query]);
                    dV[key] += probability * dOut[query];
                    dVScale[key] += sizeOfP * Math.abs(dOut[query]);
                }
            }
        }
        Sample gotQ = p.ofQueries(fromProjection);
        Sample gotK = p.ofKeys(fromProjection);
        Sample gotV = p.ofKeys(fromProjection);
        kernels.causalAttentionGradient(
                gotQ.array(),
                gotK.array(),
                gotV.array(),
                p.dOut.array(),
                out.array(),
                logSumExp.array(),
                p.q.array(),
                p.k.array(),
                p.v.array(),
                p.scale);
        double tolerance = Rounding.sum(Math.max(p.keys, p.size));
        String what = "attention " + Arrays.toString(sizes);
        gotQ.assertIs(dQ, dQScale, tolerance, what + ": dQ");
        gotK.assertIs(dK, dKScale, tolerance, what + ": dK");
        gotV.assertIs(dV, dVScale, tolerance, what + ": dV");
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    @Test
    void laterPositionsDoNotMatter() {
        Problem p = new Problem(new int[] {1, 1, 37, 37, 8}, false);
        double[] before = attend(p);
        for (Sample late : new Sample[] {p.k, p.v}) {
            int[] positions = Sample.positions(late.array());
            for (int i = 20 * 8; i < positions.length; i++) {
                late.array().floats()[positions[i]] *= -1000;
            }
        }
        double[] after = attend(p);
        for (int i = 0; i < 20 * 8; i++) {
            assertEquals(before[i], after[i], "position " + i / 8 + ", changed were those from 20 on");
        }
        assertNotEquals(before[20 * 8], after[20 * 8]);
    }

    private double[] attend(Problem p) {
        Sample out = p.ofQueries(false);
        Sample logSumExp = Sample.unset(1, 1, p.times);
        kernels.causalAttention(out.array(), logSumExp.array(), p.q.array(), p.k.array(), p.v.array(), p.scale);
        return out.values();
    }

    @Test
    void largeScoresDoNotOverflow() {
        Problem p = new Problem(new int[] {1, 1, 31, 31, 16}, false);
        p.q.map(x -> 100 * x);
        double bound = Arrays.stream(p.v.values()).map(Math::abs).max().orElseThrow() * 1.00001;
        for (double y : attend(p)) {
            if (!(Math.abs(y) <= bound)) {
                throw new AssertionError("a mean of values is larger than any of them: " + y);
            }
        }
    }

    @Test
    void bitsDoNotDependOnThreads() {
        Problem p = new Problem(new int[] {2, 6, 70, 70, 16, 3}, true);
        for (int result = 0; result < 4; result++) {
            int chosen = result;
            column.assertSameBitsOnAnyThreads(backend -> {
                Sample out = p.ofQueries(true);
                Sample logSumExp = Sample.unset(p.batch, p.heads, p.times);
                backend.attention()
                        .causalAttention(
                                out.array(), logSumExp.array(), p.q.array(), p.k.array(), p.v.array(), p.scale);
                Sample[] gradients = {p.ofQueries(true), p.ofKeys(true), p.ofKeys(true), out};
                backend.attention()
                        .causalAttentionGradient(
                                gradients[0].array(),
                                gradients[1].array(),
                                gradients[2].array(),
                                p.dOut.array(),
                                out.array(),
                                logSumExp.array(),
                                p.q.array(),
                                p.k.array(),
                                p.v.array(),
                                p.scale);
                return gradients[chosen].array();
            });
        }
    }
}
