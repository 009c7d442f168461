package torrefy.kernels.opencl;

/// What matrix products make of their operands. Everything else is computed in single precision in any case, and so are
/// the sums of a product.
enum Precision {
    /// They are taken as they are.
    F32,
    /// They are rounded to bfloat16, to the nearest, which is twice as fast or more where a [Bf16Door] is open.
    BF16
}
