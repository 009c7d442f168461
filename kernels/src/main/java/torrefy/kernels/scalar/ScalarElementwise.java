package torrefy.kernels.scalar;

import static torrefy.core.memory.DataType.BF16;
import static torrefy.core.memory.DataType.I32;

import torrefy.core.backend.BinaryFunction;
import torrefy.core.backend.ElementwiseKernels;
import torrefy.core.backend.UnaryFunction;
import torrefy.core.memory.Bfloat16;
import torrefy.core.memory.NdArray;
import torrefy.core.parallel.ParallelLoop;
import torrefy.kernels.strided.StridedLoop;

/// Elementwise kernels: one loop each, over runs of constant stride.
final class ScalarElementwise implements ElementwiseKernels {

    private final ParallelLoop loop;

    ScalarElementwise(ParallelLoop loop) {
        this.loop = loop;
    }

    @Override
    public void fill(NdArray out, float value) {
        if (out.type() == I32) {
            int[] o = out.ints();
            StridedLoop.over(out).run(loop, (at, stride, length) -> {
                for (int i = 0; i < length; i++) {
                    o[at[0] + i * stride[0]] = (int) value;
                }
            });
            return;
        }
        float[] o = out.floats();
        StridedLoop.over(out).run(loop, (at, stride, length) -> {
            for (int i = 0; i < length; i++) {
                o[at[0] + i * stride[0]] = value;
            }
        });
    }

    @Override
    public void copy(NdArray out, NdArray in) {
        StridedLoop.over(out, in).run(loop, copying(out, in));
    }

    private static StridedLoop.Run copying(NdArray out, NdArray in) {
        if (out.type() == in.type()) {
            Object o = array(out);
            Object x = array(in);
            StridedLoop.Run scattered = copyingScattered(out, in);
            return (at, stride, length) -> {
                if (stride[0] == 1 && stride[1] == 1) {
                    System.arraycopy(x, at[1], o, at[0], length);
                } else {
                    scattered.run(at, stride, length);
                }
            };
        }
        if (out.type() == BF16) {
            short[] o = out.bfloat16s();
            float[] x = in.floats();
            return (at, stride, length) -> {
                for (int i = 0; i < length; i++) {
                    o[at[0] + i * stride[0]] = Bfloat16.fromFloat(x[at[1] + i * stride[1]]);
                }
            };
        }
        float[] o = out.floats();
        short[] x = in.bfloat16s();
        return (at, stride, length) -> {
            for (int i = 0; i < length; i++) {
                o[at[0] + i * stride[0]] = Bfloat16.toFloat(x[at[1] + i * stride[1]]);
            }
        };
    }

    private static StridedLoop.Run copyingScattered(NdArray out, NdArray in) {
        switch (out.type()) {
            case F32 -> {
                float[] o = out.floats();
                float[] x = in.floats();
                return (at, stride, length) -> {
                    for (int i = 0; i < length; i++) {
                        o[at[0] + i * stride[0]] = x[at[1] + i * stride[1]];
                    }
                };
            }
            case BF16 -> {
                short[] o = out.bfloat16s();
                short[] x = in.bfloat16s();
                return (at, stride, length) -> {
                    for (int i = 0; i < length; i++) {
                        o[at[0] + i * stride[0]] = x[at[1] + i * stride[1]];
                    }
                };
            }
            default -> {
                int[] o = out.ints();
                int[] x = in.ints();
                return (at, stride, length) -> {
                    for (int i = 0; i < length; i++) {
                        o[at[0] + i * stride[0]] = x[at[1] + i * stride[1]];
                    }
                };
            }
        }
    }

    private static Object array(NdArray array) {
        return switch (array.type()) {
            case F32 -> array.floats();
            case BF16 -> array.bfloat16s();
            case I32 -> array.ints();
        };
    }

    @Override
    public void affine(NdArray out, NdArray in, float scale, float shift) {
        float[] o = out.floats();
        float[] x = in.floats();
        StridedLoop.over(out, in).run(loop, (at, stride, length) -> {
            for (int i = 0; i < length; i++) {
                o[at[0] + i * stride[0]] = scale * x[at[1] + i * stride[1]] + shift;
            }
        });
    }

    @Override
    public void accumulate(NdArray out, NdArray in, float scale) {
        float[] o = out.floats();
        float[] x = in.floats();
        StridedLoop.over(out, in).run(loop, (at, stride, length) -> {
            for (int i = 0; i < length; i++) {
                o[at[0] + i * stride[0]] += scale * x[at[1] + i * stride[1]];
            }
        });
    }

    @Override
    public void unary(UnaryFunction f, NdArray out, NdArray in) {
        float[] o = out.floats();
        float[] x = in.floats();
        StridedLoop.over(out, in).run(loop, (at, stride, length) -> {
            for (int i = 0; i < length; i++) {
                o[at[0] + i * stride[0]] = ScalarFunctions.value(f, x[at[1] + i * stride[1]]);
            }
        });
    }

    @Override
    public void unaryGradient(UnaryFunction f, NdArray dIn, NdArray in, NdArray out, NdArray dOut, boolean accumulate) {
        float[] dx = dIn.floats();
        float[] x = in.floats();
        float[] y = out.floats();
        float[] dy = dOut.floats();
        StridedLoop.over(dIn, in, out, dOut).run(loop, (at, stride, length) -> {
            for (int i = 0; i < length; i++) {
                int to = at[0] + i * stride[0];
                float slope = ScalarFunctions.slope(f, x[at[1] + i * stride[1]], y[at[2] + i * stride[2]]);
                float gradient = dy[at[3] + i * stride[3]] * slope;
                dx[to] = accumulate ? dx[to] + gradient : gradient;
            }
        });
    }

    @Override
    public void binary(BinaryFunction f, NdArray out, NdArray a, NdArray b) {
        float[] o = out.floats();
        float[] x = a.floats();
        float[] y = b.floats();
        StridedLoop.over(out, a, b).run(loop, (at, stride, length) -> {
            for (int i = 0; i < length; i++) {
                o[at[0] + i * stride[0]] = ScalarFunctions.value(f, x[at[1] + i * stride[1]], y[at[2] + i * stride[2]]);
            }
        });
    }

    @Override
    public void where(NdArray out, NdArray condition, NdArray a, NdArray b) {
        float[] o = out.floats();
        float[] c = condition.floats();
        float[] x = a.floats();
        float[] y = b.floats();
        StridedLoop.over(out, condition, a, b).run(loop, (at, stride, length) -> {
            for (int i = 0; i < length; i++) {
                o[at[0] + i * stride[0]] =
                        c[at[1] + i * stride[1]] != 0 ? x[at[2] + i * stride[2]] : y[at[3] + i * stride[3]];
            }
        });
    }
}
