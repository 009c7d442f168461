package torrefy.core.backend;

/// Functions of two numbers, applied to pairs of elements.
public enum BinaryFunction {
    /// `a + b`
    ADD,
    /// `a − b`
    SUBTRACT,
    /// `a·b`
    MULTIPLY,
    /// `a/b`
    DIVIDE,
    /// `aᵇ`
    POWER,
    /// the larger of both; NaN if one is
    MAXIMUM,
    /// the smaller of both; NaN if one is
    MINIMUM,
    /// 1 where `a > b`, else 0
    GREATER,
    /// 1 where `a = b`, else 0
    EQUAL
}
