package torrefy.tensor.op;

import java.util.List;
import torrefy.core.backend.Backend;
import torrefy.core.memory.NdArray;
import torrefy.tensor.Gradients;
import torrefy.tensor.Tensor;

/// `out = Σ in` over some axes, which keep size 1; `dIn = dOut`, repeated along them.
///
/// Shapes: `(2, 3)` over axis 1 gives `(2, 1)`; over no named axis, that is over all, `(1, 1)`.
public record Sum(Tensor in) implements Op {

    public static Tensor apply(Tensor in, int... axes) {
        Backend backend = Operands.backend("sum", in);
        NdArray out = Tensor.allocate(backend, in.shape().reduced(axes));
        backend.reduction().sum(out, in.data(), false);
        return Tensor.of(backend, out).madeBy(new Sum(in));
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
        gradients.add(in, dOut.expand(in.shape()));
    }
}
