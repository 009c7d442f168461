package torrefy.tensor.op;

import java.util.List;
import torrefy.core.backend.Backend;
import torrefy.core.memory.NdArray;
import torrefy.core.shape.Shape;
import torrefy.tensor.Gradients;
import torrefy.tensor.Tensor;

/// The parts one after another along one axis; each part's gradient is its slice of `dOut`.
///
/// Shapes: equal but for that axis; `(2, 3)` and `(4, 3)` along axis 0 give `(6, 3)`.
public record Concat(List<Tensor> parts, int axis) implements Op {

    public static Tensor apply(int axis, List<Tensor> parts) {
        if (parts.isEmpty()) {
            throw new IllegalArgumentException("concat: no parts");
        }
        Backend backend = Operands.backend("concat", parts.toArray(Tensor[]::new));
        Shape first = parts.get(0).shape();
        int along = first.axis(axis);
        int total = 0;
        for (Tensor part : parts) {
            if (part.rank() != first.rank()
                    || !part.shape().with(along, first.size(along)).equals(first)) {
                throw new IllegalArgumentException(
                        "concat along axis " + axis + ": shapes " + first + " and " + part.shape() + " do not fit");
            }
            total = Math.addExact(total, part.size(along));
        }
        NdArray out = Tensor.allocate(backend, first.with(along, total));
        int at = 0;
        for (Tensor part : parts) {
            NdArray place = out.with(out.layout().slice(along, at, part.size(along)));
            backend.elementwise().copy(place, part.data());
            at += part.size(along);
        }
        return Tensor.of(backend, out).madeBy(new Concat(List.copyOf(parts), along));
    }

    @Override
    public List<Tensor> inputs() {
        return parts;
    }

    @Override
    public List<Tensor> saved() {
        return List.of();
    }

    @Override
    public void backward(Tensor dOut, Gradients gradients) {
        int at = 0;
        for (Tensor part : parts) {
            gradients.add(part, dOut.slice(axis, at, at + part.size(axis)));
            at += part.size(axis);
        }
    }
}
