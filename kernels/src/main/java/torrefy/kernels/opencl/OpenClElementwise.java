package torrefy.kernels.opencl;

import torrefy.core.backend.BinaryFunction;
import torrefy.core.backend.ElementwiseKernels;
import torrefy.core.backend.UnaryFunction;
import torrefy.core.memory.DataType;
import torrefy.core.memory.NdArray;

/// A work-item for each element; see `elementwise.cl`. Where all arrays are contiguous, or have two axes, as a bias
/// has that is added to every row, variants are used that do not have to compute places.
final class OpenClElementwise implements ElementwiseKernels {

    private static final String PROGRAM = "elementwise.cl";

    private final Queue queue;

    OpenClElementwise(Queue queue) {
        this.queue = queue;
    }

    @Override
    public void fill(NdArray out, float value) {
        if (out.type() == DataType.I32) {
            run("fill", " -DELEMENT=int", new NdArray[] {out}, (int) value);
        } else {
            run("fill", "", new NdArray[] {out}, value);
        }
    }

    @Override
    public void copy(NdArray out, NdArray in) {
        String as = "(x)";
        if (out.type() != in.type()) {
            as = out.type() == DataType.BF16 ? "narrowed(x)" : "widened(x)";
        }
        String options =
                " -DCOPY_OUT=" + stored(out.type()) + " -DCOPY_IN=" + stored(in.type()) + " -DCOPY_AS(x)=" + as;
        run("copy", options, new NdArray[] {out, in});
    }

    private static String stored(DataType type) {
        return switch (type) {
            case F32 -> "float";
            case I32 -> "int";
            case BF16 -> "ushort";
        };
    }

    @Override
    public void affine(NdArray out, NdArray in, float scale, float shift) {
        run("affine", "", new NdArray[] {out, in}, scale, shift);
    }

    @Override
    public void accumulate(NdArray out, NdArray in, float scale) {
        run("accumulate", "", new NdArray[] {out, in}, scale);
    }

    @Override
    public void unary(UnaryFunction f, NdArray out, NdArray in) {
        run("unary", " -DUNARY=" + f, new NdArray[] {out, in});
    }

    @Override
    public void unaryGradient(UnaryFunction f, NdArray dIn, NdArray in, NdArray out, NdArray dOut, boolean accumulate) {
        run("unary_gradient", " -DUNARY=" + f, new NdArray[] {dIn, in, out, dOut}, accumulate);
    }

    @Override
    public void binary(BinaryFunction f, NdArray out, NdArray a, NdArray b) {
        run("binary", " -DBINARY=" + f, new NdArray[] {out, a, b});
    }

    @Override
    public void where(NdArray out, NdArray condition, NdArray a, NdArray b) {
        run("choose", "", new NdArray[] {out, condition, a, b});
    }

    /// Runs a kernel over arrays of one shape; the first is written.
    private void run(String kernel, String options, NdArray[] arrays, Object... scalars) {
        Axes axes = Axes.of(arrays);
        boolean isDense = axes.isDense();
        boolean isPlane = axes.rank() == 2;
        int n = isPlane ? axes.sizes()[1] : arrays[0].elements();
        int rows = isPlane ? axes.sizes()[0] : 1;
        Arguments arguments = Arguments.of(n);
        for (int k = 0; k < arrays.length; k++) {
            if (k == 0) {
                arguments.out(arrays[k]);
            } else {
                arguments.in(arrays[k]);
            }
            if (!isDense) {
                arguments.and(axes.strides()[k]);
            }
        }
        if (!isDense && !isPlane) {
            arguments.and(axes.rank(), axes.sizes());
        }
        boolean isByRegister = isDense && kernel.startsWith("unary");
        String all = isDense ? "-DDENSE " : isPlane ? axes.isUnit() ? "-DPLANE -DUNIT" : "-DPLANE" : "";
        all += isByRegister ? queue.rowOptions() + options : options;
        int items = isByRegister ? Math.ceilDiv(n, queue.rowWidth()) : n;
        queue.each(PROGRAM, all, kernel, items, rows, arguments.and(scalars));
    }
}
