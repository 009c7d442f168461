package torrefy.tensor.op;

import java.util.List;
import torrefy.core.backend.BinaryFunction;
import torrefy.tensor.Gradients;
import torrefy.tensor.Tensor;

/// `out = a·b`; `dA = dOut·b`, `dB = dOut·a`.
///
/// Shapes: any two that broadcast; the result has the shape in which they meet.
public record Multiply(Tensor a, Tensor b) implements Op {

    public static Tensor apply(Tensor a, Tensor b) {
        return Elementwise.binary(BinaryFunction.MULTIPLY, a, b).madeBy(new Multiply(a, b));
    }

    @Override
    public List<Tensor> inputs() {
        return List.of(a, b);
    }

    @Override
    public void backward(Tensor dOut, Gradients gradients) {
        if (gradients.wanted(a)) {
            gradients.give(a, dOut.multiply(b));
        }
        if (gradients.wanted(b)) {
            gradients.give(b, dOut.multiply(a));
        }
    }
}
