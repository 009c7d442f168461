package torrefy.tensor.op;

import java.util.List;
import torrefy.core.backend.Backend;
import torrefy.core.memory.DataType;
import torrefy.core.memory.NdArray;
import torrefy.tensor.Gradients;
import torrefy.tensor.Tensor;

/// `out = in`, stored as another type; `dIn = dOut`, as if nothing had been rounded: the "straight-through" estimate of
/// Bengio, Léonard, Courville, arXiv 1308.3432. Gradients are `F32` whatever the type.
///
/// Shapes: any, unchanged. `BF16` is rounded to nearest, ties to even.
public record Convert(Tensor in) implements Op {

    public static Tensor apply(Tensor in, DataType type) {
        Backend backend = in.backend();
        NdArray out = Tensor.allocate(backend, type, in.shape());
        backend.elementwise().copy(out, in.data());
        return Tensor.of(backend, out).madeBy(new Convert(in));
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
