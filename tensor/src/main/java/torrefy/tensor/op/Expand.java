package torrefy.tensor.op;

import java.util.List;
import torrefy.core.shape.Shape;
import torrefy.tensor.Gradients;
import torrefy.tensor.Tensor;

/// Repeats the input along axes of size 1 and along new axes in front, a view with strides of 0; `dIn = Σ dOut` over
/// the repeated axes.
///
/// Shapes: `(3, 1)` expands to `(2, 3, 4)`.
public record Expand(Tensor in) implements Op {

    public static Tensor apply(Tensor in, Shape shape) {
        return Tensor.of(in.backend(), Elementwise.stretched(in, shape)).madeBy(new Expand(in));
    }

    @Override
    public List<Tensor> inputs() {
        return List.of(in);
    }

    @Override
    public List<Tensor> saved() {
        return List.of();
    }

    @Override
    public void backward(Tensor dOut, Gradients gradients) {
        gradients.add(in, dOut);
    }
}
