package torrefy.kernels.scalar;

import torrefy.core.memory.Bfloat16;
import torrefy.core.memory.DataType;
import torrefy.core.memory.NdArray;

/// Neighbouring elements of an array as floats, however they are stored.
@FunctionalInterface
interface RowSource {

    /// Copies `count` elements from place `from` of the Java array on to `out[to]` and on.
    void copy(int from, float[] out, int to, int count);

    static RowSource of(NdArray array) {
        if (array.type() != DataType.BF16) {
            float[] floats = array.floats();
            return (from, out, to, count) -> System.arraycopy(floats, from, out, to, count);
        }
        short[] stored = array.bfloat16s();
        return (from, out, to, count) -> {
            for (int i = 0; i < count; i++) {
                out[to + i] = Bfloat16.toFloat(stored[from + i]);
            }
        };
    }
}
