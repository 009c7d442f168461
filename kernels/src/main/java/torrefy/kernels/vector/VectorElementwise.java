package torrefy.kernels.vector;

import java.util.Arrays;
import torrefy.core.backend.BinaryFunction;
import torrefy.core.backend.ElementwiseKernels;
import torrefy.core.backend.UnaryFunction;
import torrefy.core.memory.DataType;
import torrefy.core.memory.NdArray;
import torrefy.core.parallel.ParallelLoop;
import torrefy.kernels.strided.StridedLoop;

/// Elementwise kernels: a loop over registers for each function.
///
/// What it adds over [torrefy.kernels.scalar.ScalarElementwise], and `ElementwiseBenchmark` shows: exponentials, and
/// what is made of them, a register at once ([Functions]); and arrays that begin at any offset, where the compiler
/// does not turn scalar loops into SIMD code. Copies that convert nothing, logarithms and powers are the scalar
/// column's.
final class VectorElementwise implements ElementwiseKernels {

    private final ParallelLoop loop;
    private final ElementwiseKernels scalar;

    VectorElementwise(ParallelLoop loop, ElementwiseKernels scalar) {
        this.loop = loop;
        this.scalar = scalar;
    }

    /// Runs `body` over the elements of the arrays, of which the first is written.
    private void run(Runs.Loop body, NdArray... arrays) {
        float[][] floats = new float[arrays.length][];
        for (int k = 0; k < arrays.length; k++) {
            floats[k] = arrays[k].floats();
        }
        StridedLoop.over(arrays).run(loop, (at, stride, length) -> Runs.run(body, floats, at, stride, length));
    }

    @Override
    public void fill(NdArray out, float value) {
        if (out.type() == DataType.F32 && out.isContiguous()) {
            float[] o = out.floats();
            StridedLoop.over(out).run(loop, (at, stride, length) -> Arrays.fill(o, at[0], at[0] + length, value));
        } else {
            scalar.fill(out, value);
        }
    }

    @Override
    public void copy(NdArray out, NdArray in) {
        if (out.type() == in.type() || !out.isContiguous() || !in.isContiguous()) {
            scalar.copy(out, in);
        } else if (out.type() == DataType.BF16) {
            short[] o = out.bfloat16s();
            float[] x = in.floats();
            StridedLoop.over(out, in)
                    .run(loop, (at, stride, length) -> Bfloat16Lanes.round(o, at[0], x, at[1], length));
        } else {
            float[] o = out.floats();
            short[] x = in.bfloat16s();
            StridedLoop.over(out, in)
                    .run(loop, (at, stride, length) -> Bfloat16Lanes.widen(o, at[0], x, at[1], length));
        }
    }

    @Override
    public void affine(NdArray out, NdArray in, float scale, float shift) {
        run((arrays, at, length) -> BinaryLoops.affine(arrays, at, length, scale, shift), out, in);
    }

    @Override
    public void accumulate(NdArray out, NdArray in, float scale) {
        run((arrays, at, length) -> BinaryLoops.accumulate(arrays, at, length, scale), out, in);
    }

    @Override
    public void unary(UnaryFunction f, NdArray out, NdArray in) {
        Runs.Loop body = UnaryLoops.of(f);
        if (body == null) {
            scalar.unary(f, out, in);
        } else {
            run(body, out, in);
        }
    }

    @Override
    public void unaryGradient(UnaryFunction f, NdArray dIn, NdArray in, NdArray out, NdArray dOut, boolean accumulate) {
        run(UnaryGradientLoops.of(f, accumulate), dIn, in, out, dOut);
    }

    @Override
    public void binary(BinaryFunction f, NdArray out, NdArray a, NdArray b) {
        Runs.Loop body = BinaryLoops.of(f);
        if (body == null) {
            scalar.binary(f, out, a, b);
        } else {
            run(body, out, a, b);
        }
    }

    @Override
    public void where(NdArray out, NdArray condition, NdArray a, NdArray b) {
        run(BinaryLoops::where, out, condition, a, b);
    }
}
