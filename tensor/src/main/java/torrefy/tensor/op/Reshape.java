package torrefy.tensor.op;

import java.util.List;
import torrefy.core.shape.Layout;
import torrefy.core.shape.Shape;
import torrefy.tensor.Gradients;
import torrefy.tensor.Tensor;

/// The same elements in row-major order under another shape; `dIn = dOut` under the old one.
///
/// Shapes: any two with equally many elements. A view where strides allow, else a copy.
public record Reshape(Tensor in) implements Op {

    public static Tensor apply(Tensor in, Shape shape) {
        Layout layout = in.data().layout().reshape(shape);
        if (layout == null) {
            return apply(Copy.apply(in), shape);
        }
        return Tensor.of(in.backend(), in.data().with(layout)).madeBy(new Reshape(in));
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
        gradients.give(in, dOut.reshape(in.shape()));
    }
}
