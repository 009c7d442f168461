package torrefy.model.architecture;

import torrefy.core.memory.DataType;

/// How numbers are stored while a model is trained. All arithmetic is in `F32`; `BF16` takes half the bytes.
///
/// @param weights of matrices and tables; biases and norms are few, and stay `F32`. As `BF16` there is no copy in
///     higher precision beside them: each step's result is rounded stochastically
/// @param moments the optimizer's two; rounded stochastically, too
/// @param activations of what forward keeps for backward; rounded to nearest, while forward itself goes on with the
///     numbers as they were
public record Storage(DataType weights, DataType moments, DataType activations) {

    /// Everything in single precision.
    public static final Storage F32 = new Storage(DataType.F32, DataType.F32, DataType.F32);

    public Storage {
        require(weights, "weights");
        require(moments, "moments");
        require(activations, "activations");
    }

    private static void require(DataType type, String what) {
        if (type != DataType.F32 && type != DataType.BF16) {
            throw new IllegalArgumentException("storage: " + what + " must be F32 or BF16, got " + type);
        }
    }
}
