package torrefy.tensor.op;

import java.util.List;
import torrefy.core.backend.Backend;
import torrefy.core.memory.NdArray;
import torrefy.core.shape.Shape;
import torrefy.tensor.Gradients;
import torrefy.tensor.Tensor;

/// `out[…, i, …] = in[…, indices[…, i, …], …]`, picking along one axis; `dIn[…, indices[…, i, …], …] += dOut[…, i, …]`.
///
/// Shapes: `in` and `I32` `indices` are equal but for that axis; the result has the shape of `indices`.
public record Gather(Tensor in, int axis, Tensor indices) implements Op {

    public static Tensor apply(Tensor in, int axis, Tensor indices) {
        Backend backend = Operands.backend("gather", in);
        int along = in.shape().axis(axis);
        Tensor places = requireFit("gather", in, along, indices);
        NdArray out = Tensor.allocate(backend, indices.shape());
        Tensor dense = in.contiguous();
        backend.index()
                .gather(aroundAxis(out, along), aroundAxis(dense.data(), along), aroundAxis(places.data(), along));
        return Tensor.of(backend, out).madeBy(new Gather(dense, along, places));
    }

    /// An array as `(O, I, N)`: the axes before `axis` taken together, `axis`, the axes after it taken together.
    static NdArray aroundAxis(NdArray array, int axis) {
        Shape shape = array.shape();
        return array.reshape(Shape.of(
                shape.slice(0, axis).elements(),
                shape.size(axis),
                shape.slice(axis + 1, shape.rank()).elements()));
    }

    /// `indices` without gaps; throws unless they fit `in` but for `axis` and are in range.
    static Tensor requireFit(String operation, Tensor in, int axis, Tensor indices) {
        Tensor places = Operands.indices(operation, indices, in);
        if (indices.rank() != in.rank()
                || !indices.shape().with(axis, in.size(axis)).equals(in.shape())) {
            throw new IllegalArgumentException(operation + " along axis " + axis + ": shapes " + in.shape() + " and "
                    + indices.shape() + " (indices) do not fit");
        }
        Operands.requireInRange(operation, "index", places, in.size(axis), 0);
        return places;
    }

    @Override
    public List<Tensor> inputs() {
        return List.of(in);
    }

    @Override
    public List<Tensor> saved() {
        return List.of(indices);
    }

    @Override
    public void backward(Tensor dOut, Gradients gradients) {
        NdArray dIn = gradients.accumulator(in);
        if (dIn != null) {
            in.backend()
                    .index()
                    .scatterAdd(
                            aroundAxis(dIn, axis),
                            aroundAxis(indices.data(), axis),
                            aroundAxis(dOut.contiguous().data(), axis));
        }
    }
}
