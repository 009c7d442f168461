package torrefy.benchmarks.peers;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import torrefy.core.backend.Backends;
import torrefy.core.memory.NdArray;
import torrefy.core.random.Distributions;
import torrefy.core.random.RandomKey;
import torrefy.core.shape.Shape;

/// The same numbers twice: in the Java heap for us, in native memory for the peers.
record Operand(NdArray ours, Tensor theirs) {

    /// Standard normal numbers, others for each `seed`.
    static Operand normal(long seed, int... shape) {
        float[] values = new float[Shape.of(shape).elements()];
        Distributions.normal(RandomKey.of(seed), values, 0, values.length);
        return of(values, shape);
    }

    /// Zeros, to be overwritten.
    static Operand zeros(int... shape) {
        return of(new float[Shape.of(shape).elements()], shape);
    }

    private static Operand of(float[] values, int... shape) {
        long[] sizes = new long[shape.length];
        for (int i = 0; i < shape.length; i++) {
            sizes[i] = shape[i];
        }
        Tensor tensor = torch.empty(sizes);
        tensor.data_ptr_float().put(values);
        return new Operand(NdArray.of(Backends.standard().upload(values), Shape.of(shape)), tensor);
    }

    /// Both read as transposed: the last two axes change places.
    Operand transposed() {
        int rank = ours.rank();
        return new Operand(ours.with(ours.layout().transpose(rank - 2, rank - 1)), theirs.transpose(-2, -1));
    }

    /// @throws IllegalStateException if ours and theirs are further apart anywhere than `tolerance`
    void requireEqual(String name, double tolerance) {
        float[] mine = ours.floats();
        float[] other = new float[ours.elements()];
        theirs.data_ptr_float().get(other);
        for (int i = 0; i < other.length; i++) {
            if (!(Math.abs(mine[ours.start() + i] - other[i]) <= tolerance)) {
                throw new IllegalStateException(name + ": at " + i + " we have " + mine[ours.start() + i]
                        + ", the peer " + other[i] + ", further apart than " + tolerance);
            }
        }
    }
}
