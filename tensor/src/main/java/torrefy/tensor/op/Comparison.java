package torrefy.tensor.op;

import torrefy.core.backend.BinaryFunction;
import torrefy.tensor.Tensor;

/// Comparisons, 1 for true and 0 for false. They are constant almost everywhere, so no gradient flows and no op is
/// recorded.
public final class Comparison {

    private Comparison() {}

    /// 1 where `a > b`.
    public static Tensor greater(Tensor a, Tensor b) {
        return Elementwise.binary(BinaryFunction.GREATER, a, b);
    }

    /// 1 where `a = b`.
    public static Tensor equal(Tensor a, Tensor b) {
        return Elementwise.binary(BinaryFunction.EQUAL, a, b);
    }
}
