package torrefy.tensor.op;

import java.util.List;
import torrefy.core.backend.Backend;
import torrefy.core.memory.NdArray;
import torrefy.core.shape.Shape;
import torrefy.tensor.Gradients;
import torrefy.tensor.Tensor;

/// `out = in·r·weight` with `r = 1/√(mean(in²) + epsilon)` over the innermost axis. With `x̂ = in·r` and
/// `g = dOut ⊙ weight`: `dIn = r·(g − x̂·mean(g ⊙ x̂))`, `dWeight = Σ dOut ⊙ x̂`.
///
/// Shapes: `(…, C)`, `(C)` give `(…, C)`. Source: [torrefy.core.backend.NormalizationKernels].
public record RmsNorm(Saved in, Tensor weight, Tensor rstd) implements Op {

    public static Tensor apply(Tensor in, Tensor weight, float epsilon) {
        Backend backend = Operands.backend("rmsNorm", in, weight);
        if (!weight.shape().equals(Shape.of(in.size(-1)))) {
            throw new IllegalArgumentException(
                    "rmsNorm: shapes do not fit: " + in.shape() + " with weight " + weight.shape());
        }
        Tensor dense = in.contiguous();
        Tensor scale = weight.contiguous();
        NdArray rows = dense.data().rows();
        NdArray out = Tensor.allocate(backend, in.shape());
        NdArray rstd = Tensor.allocate(backend, Shape.of(rows.size(0)));
        backend.normalization().rmsNorm(out.rows(), rstd, rows, scale.data(), epsilon);
        return Tensor.of(backend, out).madeBy(new RmsNorm(Saved.of(dense), scale, Tensor.of(backend, rstd)));
    }

    @Override
    public List<Tensor> inputs() {
        return List.of(in.original(), weight);
    }

    @Override
    public List<Tensor> saved() {
        return List.of(in.kept(), weight);
    }

    @Override
    public List<Tensor> own() {
        return Saved.own(List.of(in), rstd);
    }

    @Override
    public void backward(Tensor dOut, Gradients gradients) {
        NdArray dWeight = gradients.accumulator(weight);
        NdArray dRows = dOut.contiguous().data().rows();
        if (gradients.wanted(in.original())) {
            gradients.into(in.original(), (dIn, accumulate) -> kernel(dIn.rows(), dWeight, dRows, accumulate));
        } else {
            kernel(null, dWeight, dRows, false);
        }
    }

    private void kernel(NdArray dIn, NdArray dWeight, NdArray dOut, boolean accumulate) {
        weight.backend()
                .normalization()
                .rmsNormGradient(dIn, dWeight, dOut, in.values().data().rows(), rstd.data(), weight.data(), accumulate);
    }
}
