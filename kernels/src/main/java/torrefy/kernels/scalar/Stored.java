package torrefy.kernels.scalar;

import torrefy.core.memory.Bfloat16;
import torrefy.core.memory.DataType;
import torrefy.core.memory.NdArray;
import torrefy.core.random.RoundingBits;

/// The elements of a contiguous array as floats, however they are stored.
sealed interface Stored {

    float get(int i);

    void set(int i, float value);

    /// @param rounding by which a `BF16` is rounded when it is set
    static Stored of(NdArray array, RoundingBits rounding) {
        return array.type() == DataType.BF16
                ? new Bfloat16s(array.bfloat16s(), array.start(), rounding)
                : new Floats(array.floats(), array.start());
    }

    /// Stored as they are.
    record Floats(float[] array, int start) implements Stored {

        @Override
        public float get(int i) {
            return array[start + i];
        }

        @Override
        public void set(int i, float value) {
            array[start + i] = value;
        }
    }

    /// Stored in half the space, and rounded stochastically.
    record Bfloat16s(short[] array, int start, RoundingBits rounding) implements Stored {

        @Override
        public float get(int i) {
            return Bfloat16.toFloat(array[start + i]);
        }

        @Override
        public void set(int i, float value) {
            array[start + i] = Bfloat16.fromFloat(value, rounding.at(i));
        }
    }
}
