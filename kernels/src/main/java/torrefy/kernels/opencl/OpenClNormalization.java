package torrefy.kernels.opencl;

import torrefy.core.backend.NormalizationKernels;
import torrefy.core.memory.DataType;
import torrefy.core.memory.NdArray;

/// Layer norm and RMS norm of rows; see `normalization.cl`.
final class OpenClNormalization implements NormalizationKernels {

    private static final String PROGRAM = "normalization.cl";
    private static final String CENTRED = " -DCENTRED";

    /// At most this many parts of the rows sum up the weights' gradients, each on its own.
    private static final int MOST_PARTS = 32;

    /// Rows in a part, at least.
    private static final int FEWEST_ROWS = 16;

    private final Queue queue;

    OpenClNormalization(Queue queue) {
        this.queue = queue;
    }

    @Override
    public void layerNorm(
            NdArray out, NdArray mean, NdArray rstd, NdArray in, NdArray weight, NdArray bias, float epsilon) {
        forward(CENTRED, out, mean, rstd, in, weight, bias, epsilon);
    }

    @Override
    public void rmsNorm(NdArray out, NdArray rstd, NdArray in, NdArray weight, float epsilon) {
        forward("", out, null, rstd, in, weight, null, epsilon);
    }

    private void forward(
            String options,
            NdArray out,
            NdArray mean,
            NdArray rstd,
            NdArray in,
            NdArray weight,
            NdArray bias,
            float epsilon) {
        Arguments arguments = Arguments.of(in.size(-1))
                .out(out)
                .out(mean)
                .out(rstd)
                .in(in)
                .in(weight)
                .in(bias)
                .and(epsilon);
        queue.rows(PROGRAM, options, "norm", rstd.elements(), arguments);
    }

    @Override
    public void layerNormGradient(
            NdArray dIn,
            NdArray dWeight,
            NdArray dBias,
            NdArray dOut,
            NdArray in,
            NdArray mean,
            NdArray rstd,
            NdArray weight,
            boolean accumulate) {
        gradient(CENTRED, dIn, dWeight, dBias, dOut, in, mean, rstd, weight, accumulate);
    }

    @Override
    public void rmsNormGradient(
            NdArray dIn, NdArray dWeight, NdArray dOut, NdArray in, NdArray rstd, NdArray weight, boolean accumulate) {
        gradient("", dIn, dWeight, null, dOut, in, null, rstd, weight, accumulate);
    }

    private void gradient(
            String options,
            NdArray dIn,
            NdArray dWeight,
            NdArray dBias,
            NdArray dOut,
            NdArray in,
            NdArray mean,
            NdArray rstd,
            NdArray weight,
            boolean accumulate) {
        int width = in.size(-1);
        int rows = rstd.elements();
        if (dWeight != null || dBias != null) {
            weightGradient(options, dWeight, dBias, dOut, in, mean, rstd, rows, width);
        }
        // Last, because dIn may be dOut.
        if (dIn != null) {
            Arguments arguments = Arguments.of(width)
                    .out(dIn)
                    .in(dOut)
                    .in(in)
                    .in(mean)
                    .in(rstd)
                    .in(weight)
                    .and(accumulate);
            queue.rows(PROGRAM, options, "norm_gradient", rows, arguments);
        }
    }

    private void weightGradient(
            String options,
            NdArray dWeight,
            NdArray dBias,
            NdArray dOut,
            NdArray in,
            NdArray mean,
            NdArray rstd,
            int rows,
            int width) {
        int inPart = Math.max(FEWEST_ROWS, Math.ceilDiv(rows, MOST_PARTS));
        int parts = Math.ceilDiv(rows, inPart);
        if (parts == 0) {
            return;
        }
        DeviceBuffer partial = queue.temporary(Temporary.WEIGHT_GRADIENTS, DataType.F32, 2 * parts * width);
        Arguments arguments = Arguments.of(rows, width, inPart, partial)
                .in(dOut)
                .in(in)
                .in(mean)
                .in(rstd);
        String all = queue.rowOptions() + options;
        queue.each(PROGRAM, all, "norm_weight_gradient", width, parts, arguments);
        if (dWeight != null) {
            queue.each(
                    PROGRAM,
                    all,
                    "add_parts",
                    width,
                    Arguments.of(parts, width, 0).out(dWeight).and(partial));
        }
        if (dBias != null) {
            queue.each(
                    PROGRAM,
                    all,
                    "add_parts",
                    width,
                    Arguments.of(parts, width, 1).out(dBias).and(partial));
        }
    }
}
