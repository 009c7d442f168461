package torrefy.tensor.op;

import java.util.List;
import torrefy.core.memory.NdArray;
import torrefy.tensor.Gradients;
import torrefy.tensor.Tensor;

/// Axis `i` of the result is axis `order[i]` of the input; `dIn` is `dOut` with the order undone. A view.
///
/// Shapes: `(A, B, C)` with order 2, 0, 1 gives `(C, A, B)`.
public record Permute(Tensor in, int[] order) implements Op {

    public static Tensor apply(Tensor in, int... order) {
        NdArray view = in.data().with(in.data().layout().permute(order));
        return Tensor.of(in.backend(), view).madeBy(new Permute(in, order.clone()));
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
        int[] inverse = new int[order.length];
        for (int i = 0; i < order.length; i++) {
            inverse[in.shape().axis(order[i])] = i;
        }
        gradients.give(in, dOut.permute(inverse));
    }
}
