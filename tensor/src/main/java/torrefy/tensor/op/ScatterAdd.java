package torrefy.tensor.op;

import java.util.List;
import torrefy.core.backend.Backend;
import torrefy.core.memory.NdArray;
import torrefy.tensor.Gradients;
import torrefy.tensor.Tensor;

/// `out = in`, then `out[…, indices[…, i, …], …] += source[…, i, …]` along one axis; `dIn = dOut`,
/// `dSource[…, i, …] = dOut[…, indices[…, i, …], …]`.
///
/// Shapes: `source` and `I32` `indices` are alike, and equal to `in` but for that axis; the result has the shape of
/// `in`.
public record ScatterAdd(Tensor in, int axis, Tensor indices, Tensor source) implements Op {

    public static Tensor apply(Tensor in, int axis, Tensor indices, Tensor source) {
        Backend backend = Operands.backend("scatterAdd", in, source);
        int along = in.shape().axis(axis);
        Tensor places = Gather.requireFit("scatterAdd", in, along, indices);
        if (!source.shape().equals(indices.shape())) {
            throw new IllegalArgumentException(
                    "scatterAdd: shapes " + source.shape() + " (source) and " + indices.shape() + " (indices) differ");
        }
        NdArray out = Tensor.allocate(backend, in.shape());
        backend.elementwise().copy(out, in.data());
        backend.index()
                .scatterAdd(
                        Gather.aroundAxis(out, along),
                        Gather.aroundAxis(places.data(), along),
                        Gather.aroundAxis(source.contiguous().data(), along));
        return Tensor.of(backend, out).madeBy(new ScatterAdd(in, along, places, source));
    }

    @Override
    public List<Tensor> inputs() {
        return List.of(in, source);
    }

    @Override
    public List<Tensor> saved() {
        return List.of(indices);
    }

    @Override
    public void backward(Tensor dOut, Gradients gradients) {
        gradients.give(in, dOut);
        gradients.give(source, dOut.gather(axis, indices));
    }
}
