package torrefy.core.memory;

/// Conversion between `float` and bfloat16, the upper 16 bits of a `float`.
public final class Bfloat16 {

    private Bfloat16() {}

    public static float toFloat(short bits) {
        return Float.intBitsToFloat(bits << 16);
    }

    /// Rounds to the nearest bfloat16, ties to even; NaN stays NaN.
    public static short fromFloat(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (value != value) {
            return (short) (bits >>> 16 | 0x40);
        }
        // Adding just under half of the last kept place, plus one if that place is odd, rounds ties to even.
        return (short) (bits + 0x7fff + (bits >>> 16 & 1) >>> 16);
    }
}
