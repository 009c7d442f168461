package torrefy.core.memory;

/// What one element of a buffer is.
public enum DataType {
    /// IEEE 754 single precision, held in a `float[]`. All arithmetic is done in it.
    F32(4),
    /// The upper half of an `F32`, held in a `short[]`: the same range, 8 bits of precision. Storage only.
    BF16(2),
    /// 32-bit integers, held in an `int[]`: token ids and indices. No gradient flows through them.
    I32(4);

    private final int bytes;

    DataType(int bytes) {
        this.bytes = bytes;
    }

    /// Bytes an element takes.
    public int bytes() {
        return bytes;
    }
}
