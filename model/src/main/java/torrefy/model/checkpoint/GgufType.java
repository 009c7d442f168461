package torrefy.model.checkpoint;

/// What the matrices of a GGUF file are stored as. Vectors and position tables are F32 in any case.
public enum GgufType {
    F32(0, 0, 1, 4),
    F16(1, 1, 1, 2),
    /// 32 elements share a scale, a half-precision number; each is a signed byte times it. A matrix whose rows are no
    /// multiple of 32 is stored as F16 instead.
    Q8_0(8, 7, 32, 34);

    private final int code;
    private final int fileCode;
    private final int blockElements;
    private final int blockBytes;

    GgufType(int code, int fileCode, int blockElements, int blockBytes) {
        this.code = code;
        this.fileCode = fileCode;
        this.blockElements = blockElements;
        this.blockBytes = blockBytes;
    }

    /// The number by which the format knows the type of a tensor.
    int code() {
        return code;
    }

    /// The number by which `general.file_type` says what most of a file is.
    int fileCode() {
        return fileCode;
    }

    int blockElements() {
        return blockElements;
    }

    /// Bytes that `elements` take.
    long bytes(long elements) {
        return elements / blockElements * blockBytes;
    }
}
