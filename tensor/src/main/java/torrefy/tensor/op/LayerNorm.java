package torrefy.tensor.op;

import java.util.List;
import torrefy.core.backend.Backend;
import torrefy.core.memory.NdArray;
import torrefy.core.shape.Shape;
import torrefy.tensor.Gradients;
import torrefy.tensor.Tensor;

/// `out = (in − μ)·r·weight + bias` with mean μ and `r = 1/√(variance + epsilon)` over the innermost axis. With
/// `x̂ = (in − μ)·r` and `g = dOut ⊙ weight`: `dIn = r·(g − mean(g) − x̂·mean(g ⊙ x̂))`, `dWeight = Σ dOut ⊙ x̂`,
/// `dBias = Σ dOut`.
///
/// Shapes: `(…, C)`, `(C)`, `(C)` give `(…, C)`. Source: [torrefy.core.backend.NormalizationKernels].
public record LayerNorm(Saved in, Tensor weight, Tensor bias, Tensor mean, Tensor rstd) implements Op {

    public static Tensor apply(Tensor in, Tensor weight, Tensor bias, float epsilon) {
        Backend backend = Operands.backend("layerNorm", in, weight, bias);
        Shape channels = Shape.of(in.size(-1));
        if (!weight.shape().equals(channels) || !bias.shape().equals(channels)) {
            throw new IllegalArgumentException("layerNorm: shapes do not fit: " + in.shape() + " with weight "
                    + weight.shape() + " and bias " + bias.shape());
        }
        Tensor dense = in.contiguous();
        Tensor scale = weight.contiguous();
        Tensor shift = bias.contiguous();
        NdArray rows = dense.data().rows();
        NdArray out = Tensor.allocate(backend, in.shape());
        NdArray mean = Tensor.allocate(backend, Shape.of(rows.size(0)));
        NdArray rstd = Tensor.allocate(backend, Shape.of(rows.size(0)));
        backend.normalization().layerNorm(out.rows(), mean, rstd, rows, scale.data(), shift.data(), epsilon);
        return Tensor.of(backend, out)
                .madeBy(new LayerNorm(
                        Saved.of(dense), scale, shift, Tensor.of(backend, mean), Tensor.of(backend, rstd)));
    }

    @Override
    public List<Tensor> inputs() {
        return List.of(in.original(), weight, bias);
    }

    @Override
    public List<Tensor> own() {
        return Saved.own(List.of(in), mean, rstd);
    }

    @Override
    public List<Tensor> saved() {
        return List.of(in.kept(), weight);
    }

    @Override
    public void backward(Tensor dOut, Gradients gradients) {
        NdArray dWeight = gradients.accumulator(weight);
        NdArray dBias = gradients.accumulator(bias);
        NdArray dRows = dOut.contiguous().data().rows();
        if (gradients.wanted(in.original())) {
            gradients.into(in.original(), (dIn, accumulate) -> kernel(dIn.rows(), dWeight, dBias, dRows, accumulate));
        } else {
            kernel(null, dWeight, dBias, dRows, false);
        }
    }

    private void kernel(NdArray dIn, NdArray dWeight, NdArray dBias, NdArray dOut, boolean accumulate) {
        weight.backend()
                .normalization()
                .layerNormGradient(
                        dIn,
                        dWeight,
                        dBias,
                        dOut,
                        in.values().data().rows(),
                        mean.data(),
                        rstd.data(),
                        weight.data(),
                        accumulate);
    }
}
