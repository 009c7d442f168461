package torrefy.tensor.op;

import java.util.List;
import torrefy.core.backend.Backend;
import torrefy.core.memory.NdArray;
import torrefy.core.shape.Broadcast;
import torrefy.core.shape.Shape;
import torrefy.tensor.Gradients;
import torrefy.tensor.Tensor;

/// `out = a` where `condition` is not 0, else `b`; `dA = dOut` there, `dB = dOut` elsewhere. No gradient flows to the
/// condition.
///
/// Shapes: any three that broadcast.
public record Where(Tensor condition, Tensor a, Tensor b) implements Op {

    public static Tensor apply(Tensor condition, Tensor a, Tensor b) {
        Backend backend = Operands.backend("where", condition, a, b);
        Shape shape = Broadcast.shape("where", condition.shape(), Broadcast.shape("where", a.shape(), b.shape()));
        NdArray out = Tensor.allocate(backend, shape);
        backend.elementwise()
                .where(
                        out,
                        Elementwise.stretched(condition, shape),
                        Elementwise.stretched(a, shape),
                        Elementwise.stretched(b, shape));
        return Tensor.of(backend, out).madeBy(new Where(condition, a, b));
    }

    @Override
    public List<Tensor> inputs() {
        return List.of(a, b);
    }

    @Override
    public List<Tensor> saved() {
        return List.of(condition);
    }

    @Override
    public void backward(Tensor dOut, Gradients gradients) {
        Tensor zero = Tensor.scalar(dOut.backend(), 0);
        gradients.give(a, condition.where(dOut, zero));
        gradients.give(b, condition.where(zero, dOut));
    }
}
