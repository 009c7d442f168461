package torrefy.tensor.op;

import java.util.List;
import torrefy.core.backend.Backend;
import torrefy.core.memory.NdArray;
import torrefy.core.shape.Shape;
import torrefy.tensor.Gradients;
import torrefy.tensor.Tensor;

/// `out = residual + in·weight + bias`; `dResidual = dOut`, `dIn = dOut·weightᵀ`, `dWeight = inᵀ·dOut`, `dBias = Σ
/// dOut` over the rows.
///
/// Shapes: `(…, K)`, `(K, N)`, `(N)` and `(…, N)` give `(…, N)`; the axes in front are taken together as rows. `bias`
/// and `residual` may be null, `weight` may be `BF16`. Source: [torrefy.core.backend.MatmulKernels].
public record Linear(Saved in, Tensor weight, Tensor bias, Tensor residual) implements Op {

    public static Tensor apply(Tensor in, Tensor weight, Tensor bias, Tensor residual) {
        Backend backend = Operands.backendWithStored("linear", weight, Operands.present(in, bias, residual));
        Operands.requireFit("linear", in, weight, bias);
        Shape shape = in.shape().with(-1, weight.size(1));
        Operands.requireResidual("linear", residual, shape);
        Tensor dense = in.contiguous();
        Tensor matrix = unitStride(weight);
        NdArray out = Tensor.allocate(backend, shape);
        multiply(backend, out.rows(), dense.data().rows(), matrix, bias, residual);
        return Tensor.of(backend, out).madeBy(new Linear(Saved.of(dense), matrix, bias, residual));
    }

    /// The matrix, or a copy of it, as a product can read it.
    static Tensor unitStride(Tensor matrix) {
        return Matmul.hasUnitStride(matrix.data()) ? matrix : Copy.apply(matrix);
    }

    /// `out = residual + in·weight + bias`, of which the last two may be null.
    static void multiply(Backend backend, NdArray out, NdArray in, Tensor weight, Tensor bias, Tensor residual) {
        NdArray shift = bias == null ? null : bias.contiguous().data();
        if (residual != null) {
            NdArray stream = residual.contiguous().data().rows();
            backend.matmul().matmulResidual(out, in, weight.data(), shift, stream, backend.elementwise());
        } else if (shift != null) {
            backend.matmul().matmulBias(out, in, weight.data(), shift, backend.elementwise());
        } else {
            backend.matmul().matmul(out, in, weight.data(), false);
        }
    }

    @Override
    public List<Tensor> inputs() {
        return List.of(Operands.present(in.original(), weight, bias, residual));
    }

    @Override
    public List<Tensor> saved() {
        return List.of(in.kept(), weight);
    }

    @Override
    public List<Tensor> own() {
        return Saved.own(List.of(in));
    }

    @Override
    public void backward(Tensor dOut, Gradients gradients) {
        NdArray dRows = dOut.contiguous().data().rows();
        Backend backend = weight.backend();
        gradients.into(
                in.original(),
                (dIn, accumulate) -> backend.matmul().matmul(dIn.rows(), dRows, transposed(weight.data()), accumulate));
        sendToMap(gradients, weight, bias, in.values().data().rows(), dRows);
        if (residual != null) {
            gradients.give(residual, dOut);
        }
    }

    /// `dWeight = inᵀ·dOut` and, unless it is null, `dBias = Σ dOut`.
    static void sendToMap(Gradients gradients, Tensor weight, Tensor bias, NdArray in, NdArray dOut) {
        Backend backend = weight.backend();
        gradients.into(
                weight, (dWeight, accumulate) -> backend.matmul().matmul(dWeight, transposed(in), dOut, accumulate));
        if (bias != null) {
            gradients.into(
                    bias,
                    (dBias, accumulate) ->
                            backend.reduction().sum(dBias.reshape(Shape.of(1, dBias.elements())), dOut, accumulate));
        }
    }

    static NdArray transposed(NdArray matrix) {
        return matrix.with(matrix.layout().transpose(0, 1));
    }
}
