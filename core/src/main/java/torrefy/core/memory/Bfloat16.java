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

    /// Rounds to one of the two nearest bfloat16, up in magnitude with a probability that is the share of the way
    /// there:
    /// right on average, so that many small changes add up that rounding to nearest would lose, each one anew. What is
    /// a
    /// bfloat16 already stays; NaN stays NaN. Gupta et al., "Deep learning with limited numerical precision", arXiv
    /// 1502.02551, section 3.
    ///
    /// @param randomBits of which the lower 16 are uniform
    public static short fromFloat(float value, int randomBits) {
        int bits = Float.floatToRawIntBits(value);
        if (value != value) {
            return (short) (bits >>> 16 | 0x40);
        }
        // The lower 16 bits are the share of the way; they carry with just that probability.
        return (short) (bits + (randomBits & 0xffff) >>> 16);
    }
}
