package torrefy.kernels.scalar;

import torrefy.core.backend.RotaryKernels;
import torrefy.core.memory.NdArray;
import torrefy.core.parallel.ParallelLoop;
import torrefy.kernels.strided.Batch;
import torrefy.kernels.strided.RowLoop;

/// Rotary position embedding, one head's vector of one position after another.
final class ScalarRotary implements RotaryKernels {

    private final ParallelLoop loop;

    ScalarRotary(ParallelLoop loop) {
        this.loop = loop;
    }

    @Override
    public void rotate(NdArray out, NdArray in, NdArray cos, NdArray sin, Pairing pairing, boolean inverse) {
        float[] o = out.floats();
        float[] x = in.floats();
        float[] c = cos.floats();
        float[] s = sin.floats();
        int positions = in.size(-2);
        int half = in.size(-1) / 2;
        int partner = pairing == Pairing.HALVES ? half : 1;
        int step = pairing == Pairing.HALVES ? 1 : 2;
        float sign = inverse ? -1 : 1;
        int axes = in.rank() - 1;
        RowLoop.run(loop, Batch.size(in, axes), in.size(-1), (from, to, worker) -> {
            for (int row = from; row < to; row++) {
                int source = Batch.start(in, axes, row);
                int target = Batch.start(out, axes, row);
                int angle = row % positions * half;
                for (int i = 0; i < half; i++) {
                    float cosine = c[cos.start() + angle + i];
                    float sine = sign * s[sin.start() + angle + i];
                    float first = x[source + i * step];
                    float second = x[source + i * step + partner];
                    o[target + i * step] = first * cosine - second * sine;
                    o[target + i * step + partner] = first * sine + second * cosine;
                }
            }
        });
    }
}
