package torrefy.tensor.op;

import java.util.List;
import torrefy.core.backend.BinaryFunction;
import torrefy.tensor.Gradients;
import torrefy.tensor.Tensor;

/// `out = a/b`; `dA = dOut/b`, `dB = −dOut·a/b²`.
///
/// Shapes: any two that broadcast; the result has the shape in which they meet.
public record Divide(Tensor a, Tensor b) implements Op {

    public static Tensor apply(Tensor a, Tensor b) {
        return Elementwise.binary(BinaryFunction.DIVIDE, a, b).madeBy(new Divide(a, b));
    }

    @Override
    public List<Tensor> inputs() {
        return List.of(a, b);
    }

    @Override
    public void backward(Tensor dOut, Gradients gradients) {
        if (gradients.wanted(a)) {
            gradients.give(a, dOut.divide(b));
        }
        if (gradients.wanted(b)) {
            gradients.give(b, dOut.multiply(a).divide(b.multiply(b)).negate());
        }
    }
}
