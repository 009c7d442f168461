package torrefy.tensor.op;

import java.util.List;
import torrefy.core.backend.BinaryFunction;
import torrefy.tensor.Gradients;
import torrefy.tensor.Tensor;

/// `out` is the smaller of a and b; the gradient goes to the one that was taken, half to each where they are equal.
///
/// Shapes: any two that broadcast; the result has the shape in which they meet.
public record Minimum(Tensor a, Tensor b) implements Op {

    public static Tensor apply(Tensor a, Tensor b) {
        return Elementwise.binary(BinaryFunction.MINIMUM, a, b).madeBy(new Minimum(a, b));
    }

    @Override
    public List<Tensor> inputs() {
        return List.of(a, b);
    }

    @Override
    public void backward(Tensor dOut, Gradients gradients) {
        Tensor half = a.equalTo(b).multiply(0.5f);
        Tensor tookA = b.greater(a).add(half);
        gradients.give(a, dOut.multiply(tookA));
        gradients.give(b, dOut.multiply(tookA.negate().add(1)));
    }
}
