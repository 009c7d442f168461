package torrefy.tensor.op;

import java.util.List;
import torrefy.core.backend.Backend;
import torrefy.core.memory.NdArray;
import torrefy.tensor.Gradients;
import torrefy.tensor.Tensor;

/// `out = scale·in + shift`; `dIn = scale·dOut`.
///
/// Shapes: any, unchanged.
public record Affine(Tensor in, float scale) implements Op {

    public static Tensor apply(Tensor in, float scale, float shift) {
        Backend backend = Operands.backend("affine", in);
        NdArray out = Tensor.allocate(backend, in.shape());
        backend.elementwise().affine(out, in.data(), scale, shift);
        return Tensor.of(backend, out).madeBy(new Affine(in, scale));
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
        gradients.give(in, dOut.multiply(scale));
    }
}
