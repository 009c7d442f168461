package torrefy.core.backend;

/// What matrix products make of their operands. Everything else is computed in single precision in any case, and so are
/// the sums of a product.
public enum Precision {
    /// They are taken as they are.
    F32,
    /// They are rounded to bfloat16, to the nearest: twice as fast or more where a device has instructions for it.
    BF16
}
