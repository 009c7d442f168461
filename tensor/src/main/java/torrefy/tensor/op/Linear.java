package torrefy.tensor.op;

import java.util.List;
import torrefy.core.backend.Backend;
import torrefy.core.memory.NdArray;
import torrefy.core.shape.Shape;
import torrefy.tensor.Gradients;
import torrefy.tensor.Tensor;

/// `out = in·weight + bias`; `dIn = dOut·weightᵀ`, `dWeight = inᵀ·dOut`, `dBias = Σ dOut` over the rows.
///
/// Shapes: `(…, K)`, `(K, N)`, `(N)` give `(…, N)`; the axes in front are taken together as rows. `bias` may be null,
/// `weight` may
/// be `BF16`.
public record Linear(Tensor in, Tensor weight, Tensor bias) implements Op {

    public static Tensor apply(Tensor in, Tensor weight, Tensor bias) {
        Backend backend = bias == null
                ? Operands.backendWithStored("linear", weight, in)
                : Operands.backendWithStored("linear", weight, in, bias);
        if (in.rank() < 1 || weight.rank() != 2 || in.size(-1) != weight.size(0)) {
            throw new IllegalArgumentException("linear: shapes do not fit: " + in.shape() + " x " + weight.shape());
        }
        if (bias != null && !bias.shape().equals(Shape.of(weight.size(1)))) {
            throw new IllegalArgumentException("linear: the bias has shape " + bias.shape() + ", the weight "
                    + weight.shape() + " needs (" + weight.size(1) + ")");
        }
        Tensor dense = in.contiguous();
        Tensor matrix = Matmul.hasUnitStride(weight.data()) ? weight : Copy.apply(weight);
        NdArray out = Tensor.allocate(backend, in.shape().with(-1, weight.size(1)));
        if (bias == null) {
            backend.matmul().matmul(out.rows(), dense.data().rows(), matrix.data(), false);
        } else {
            backend.matmul()
                    .matmulBias(
                            out.rows(),
                            dense.data().rows(),
                            matrix.data(),
                            bias.contiguous().data(),
                            backend.elementwise());
        }
        return Tensor.of(backend, out).madeBy(new Linear(dense, matrix, bias));
    }

    @Override
    public List<Tensor> inputs() {
        return bias == null ? List.of(in, weight) : List.of(in, weight, bias);
    }

    @Override
    public List<Tensor> saved() {
        return List.of(in, weight);
    }

    @Override
    public void backward(Tensor dOut, Gradients gradients) {
        NdArray dRows = dOut.contiguous().data().rows();
        NdArray inRows = in.data().rows();
        Backend backend = in.backend();
        gradients.into(
                in,
                (dIn, accumulate) -> backend.matmul().matmul(dIn.rows(), dRows, transposed(weight.data()), accumulate));
        gradients.into(
                weight,
                (dWeight, accumulate) -> backend.matmul().matmul(dWeight, transposed(inRows), dRows, accumulate));
        if (bias != null) {
            gradients.into(
                    bias,
                    (dBias, accumulate) ->
                            backend.reduction().sum(dBias.reshape(Shape.of(1, dBias.elements())), dRows, accumulate));
        }
    }

    private static NdArray transposed(NdArray matrix) {
        return matrix.with(matrix.layout().transpose(0, 1));
    }
}
