package torrefy.kernels.vector;

/// Memory that a worker keeps between calls, so that a steady state allocates nothing.
final class Scratch {

    /// Strips of a; see [Packing].
    private float[] rows = new float[0];

    /// Strips of b.
    private float[] wide = new float[0];

    /// A part of a bfloat16 operand as floats.
    private float[] widened = new float[0];

    /// Squares that are half transposed; see [Transposition#sixteen].
    final float[] between = new float[Lanes.COUNT * Strips.DEPTH];

    /// One tile of a result of which only a part is wanted.
    final float[] tile = new float[MatmulTile.ROWS * MatmulTile.COLUMNS];

    /// One for each worker of a loop over `threads` threads.
    static Scratch[] each(int threads) {
        Scratch[] scratch = new Scratch[threads];
        for (int worker = 0; worker < threads; worker++) {
            scratch[worker] = new Scratch();
        }
        return scratch;
    }

    float[] rows(int length) {
        rows = atLeast(rows, length);
        return rows;
    }

    float[] wide(int length) {
        wide = atLeast(wide, length);
        return wide;
    }

    float[] widened(int length) {
        widened = atLeast(widened, length);
        return widened;
    }

    /// `array`, or a longer one with unspecified contents if it is too short.
    static float[] atLeast(float[] array, int length) {
        return array.length < length ? new float[length] : array;
    }
}
