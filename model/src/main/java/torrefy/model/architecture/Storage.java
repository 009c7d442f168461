package torrefy.model.architecture;

import torrefy.core.memory.DataType;

/// How a model's numbers are stored while it is trained. All arithmetic is in `F32`; `BF16` takes half the bytes.
///
/// @param weights of matrices and tables; biases and norms are few, and stay `F32`. As `BF16` there is no copy in
///     higher precision beside them: each step's result is rounded stochastically
/// @param moments the optimizer's two; rounded stochastically, too
public record Storage(DataType weights, DataType moments) {

    /// Everything in single precision.
    public static final Storage F32 = new Storage(DataType.F32, DataType.F32);

    public Storage {
        require(weights, "weights");
        require(moments, "moments");
    }

    private static void require(DataType type, String what) {
        if (type != DataType.F32 && type != DataType.BF16) {
            throw new IllegalArgumentException("storage: " + what + " must be F32 or BF16, got " + type);
        }
    }
}
