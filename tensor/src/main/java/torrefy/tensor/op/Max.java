package torrefy.tensor.op;

import java.util.List;
import java.util.stream.IntStream;
import torrefy.core.backend.Backend;
import torrefy.core.shape.Shape;
import torrefy.tensor.Gradients;
import torrefy.tensor.Tensor;

/// `out = max in` over some axes, which keep size 1; `dIn = dOut` at the maximum, shared equally where several elements
/// are maximal, 0 elsewhere.
///
/// Shapes: as for [Sum]; a reduced axis must not be empty.
public record Max(Tensor in, Tensor out) implements Op {

    public static Tensor apply(Tensor in, int... axes) {
        Backend backend = Operands.backend("max", in);
        Shape shape = in.shape().reduced(axes);
        if (in.shape().elements() == 0) {
            throw new IllegalArgumentException("max: shape " + in.shape() + " has no elements");
        }
        Tensor out = Tensor.of(backend, Tensor.allocate(backend, shape));
        backend.reduction().max(out.data(), in.data());
        return out.madeBy(new Max(in, out));
    }

    @Override
    public List<Tensor> inputs() {
        return List.of(in);
    }

    @Override
    public List<Tensor> saved() {
        return List.of(in, out);
    }

    @Override
    public void backward(Tensor dOut, Gradients gradients) {
        Tensor isMax = in.equalTo(out);
        Tensor count = Sum.apply(isMax, reducedAxes());
        gradients.give(in, isMax.multiply(dOut.divide(count)));
    }

    private int[] reducedAxes() {
        return IntStream.range(0, in.rank()).filter(axis -> out.size(axis) == 1).toArray();
    }
}
