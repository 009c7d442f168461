package torrefy.model.checkpoint;

/// What one element of a tensor in a safetensors file is. The names are the format's own.
///
/// [SafetensorsReader] turns the floating-point types of 16 bits and more into floats; the others it lists and leaves.
public enum StoredType {
    BOOL(1),
    U8(1),
    I8(1),
    F8_E4M3(1),
    F8_E5M2(1),
    I16(2),
    U16(2),
    F16(2),
    BF16(2),
    I32(4),
    U32(4),
    F32(4),
    F64(8),
    I64(8),
    U64(8);

    private final int bytes;

    StoredType(int bytes) {
        this.bytes = bytes;
    }

    /// Bytes an element takes.
    public int bytes() {
        return bytes;
    }
}
