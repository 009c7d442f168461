package torrefy.tensor.op;

import java.util.List;
import torrefy.core.backend.BinaryFunction;
import torrefy.tensor.Gradients;
import torrefy.tensor.Tensor;

/// `out = a − b`; `dA = dOut`, `dB = −dOut`.
///
/// Shapes: any two that broadcast; the result has the shape in which they meet.
public record Subtract(Tensor a, Tensor b) implements Op {

    public static Tensor apply(Tensor a, Tensor b) {
        return Elementwise.binary(BinaryFunction.SUBTRACT, a, b).madeBy(new Subtract(a, b));
    }

    @Override
    public List<Tensor> inputs() {
        return List.of(a, b);
    }

    @Override
    public List<Tensor> saved() {
        return List.of();
    }

    @Override
    public void backward(Tensor dOut, Gradients gradients) {
        gradients.give(a, dOut);
        gradients.give(b, dOut.negate());
    }
}
