package torrefy.tensor.op;

import java.util.List;
import torrefy.core.backend.Backend;
import torrefy.core.memory.NdArray;
import torrefy.tensor.Gradients;
import torrefy.tensor.Tensor;

/// `out = in`, in memory of its own without gaps; `dIn = dOut`.
///
/// Shapes: any, unchanged. Types: any, unchanged; no gradient flows through whole numbers.
public record Copy(Tensor in) implements Op {

    public static Tensor apply(Tensor in) {
        Backend backend = in.backend();
        NdArray out = Tensor.allocate(backend, in.type(), in.shape());
        backend.elementwise().copy(out, in.data());
        return Tensor.of(backend, out).madeBy(new Copy(in));
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
        gradients.give(in, dOut);
    }
}
