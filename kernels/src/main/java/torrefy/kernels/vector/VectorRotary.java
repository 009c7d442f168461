package torrefy.kernels.vector;

import static torrefy.kernels.vector.Lanes.COUNT;
import static torrefy.kernels.vector.Lanes.FLOATS;

import jdk.incubator.vector.FloatVector;
import torrefy.core.backend.RotaryKernels;
import torrefy.core.memory.NdArray;
import torrefy.core.parallel.ParallelLoop;
import torrefy.kernels.strided.Batch;
import torrefy.kernels.strided.RowLoop;

/// Rotary position embedding.
///
/// What it adds over [torrefy.kernels.scalar.ScalarRotary]: a register of pairs at once, where their halves lie
/// apart. Neighbours would have to be sorted apart and together again; they stay with the scalar loop.
final class VectorRotary implements RotaryKernels {

    private final ParallelLoop loop;
    private final RotaryKernels scalar;

    VectorRotary(ParallelLoop loop, RotaryKernels scalar) {
        this.loop = loop;
        this.scalar = scalar;
    }

    @Override
    public void rotate(NdArray out, NdArray in, NdArray cos, NdArray sin, Pairing pairing, boolean inverse) {
        if (pairing == Pairing.NEIGHBOURS) {
            scalar.rotate(out, in, cos, sin, pairing, inverse);
            return;
        }
        int positions = in.size(-2);
        int half = in.size(-1) / 2;
        int axes = in.rank() - 1;
        RowLoop.run(loop, Batch.size(in, axes), in.size(-1), (from, to, worker) -> {
            for (int row = from; row < to; row++) {
                int angle = row % positions * half;
                rotateHalves(
                        out.floats(),
                        Batch.start(out, axes, row),
                        in.floats(),
                        Batch.start(in, axes, row),
                        cos.floats(),
                        cos.start() + angle,
                        sin.floats(),
                        sin.start() + angle,
                        half,
                        inverse ? -1 : 1);
            }
        });
    }

    private static void rotateHalves(
            float[] o,
            int to,
            float[] x,
            int from,
            float[] cos,
            int cosAt,
            float[] sin,
            int sinAt,
            int half,
            float sign) {
        int i = 0;
        for (; i <= half - COUNT; i += COUNT) {
            FloatVector c = FloatVector.fromArray(FLOATS, cos, cosAt + i);
            FloatVector s = FloatVector.fromArray(FLOATS, sin, sinAt + i).mul(sign);
            FloatVector first = FloatVector.fromArray(FLOATS, x, from + i);
            FloatVector second = FloatVector.fromArray(FLOATS, x, from + half + i);
            first.mul(c).sub(second.mul(s)).intoArray(o, to + i);
            first.mul(s).add(second.mul(c)).intoArray(o, to + half + i);
        }
        for (; i < half; i++) {
            float c = cos[cosAt + i];
            float s = sin[sinAt + i] * sign;
            float first = x[from + i];
            float second = x[from + half + i];
            o[to + i] = first * c - second * s;
            o[to + half + i] = first * s + second * c;
        }
    }
}
