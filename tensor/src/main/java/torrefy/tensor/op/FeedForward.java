package torrefy.tensor.op;

import java.util.List;
import torrefy.core.backend.Backend;
import torrefy.core.backend.UnaryFunction;
import torrefy.core.memory.NdArray;
import torrefy.core.shape.Shape;
import torrefy.tensor.Gradients;
import torrefy.tensor.Tensor;

/// Two linear maps with a function between them: `out = residual + f(inner)·down + downBias` with
/// `inner = in·up + upBias`. Backward computes `f(inner)` a second time, one pass over memory, so that it is not kept:
/// `dDown = f(inner)ᵀ·dOut`, `dInner = (dOut·downᵀ) ⊙ f'(inner)`, `dUp = inᵀ·dInner`, `dIn = dInner·upᵀ`,
/// `dResidual = dOut`; each bias gets the sum over the rows.
///
/// Shapes: `(…, C)`, `(C, F)`, `(F)`, `(F, N)`, `(N)` and `(…, N)` give `(…, N)`; the axes in front are taken
/// together as rows. Biases and residual may be null, weights may be `BF16`. Source:
/// [torrefy.core.backend.MatmulKernels].
///
/// @param f GELU in either form, SiLU or ReLU
public record FeedForward(
        Saved in, Tensor up, Tensor upBias, UnaryFunction f, Tensor down, Tensor downBias, Tensor residual, Saved inner)
        implements Op {

    public static Tensor apply(
            Tensor in, Tensor up, Tensor upBias, UnaryFunction f, Tensor down, Tensor downBias, Tensor residual) {
        Operands.requireBetweenMaps("feedForward", f);
        Operands.backendWithStored("feedForward", down, in);
        Backend backend =
                Operands.backendWithStored("feedForward", up, Operands.present(in, upBias, downBias, residual));
        Operands.requireFit("feedForward", in, up, upBias);
        Operands.requireFollows("feedForward", up, down, downBias);
        Shape shape = in.shape().with(-1, down.size(1));
        Operands.requireResidual("feedForward", residual, shape);
        // What nobody keeps goes back at once: the activated rows always, the inner ones if a copy is kept.
        return Tensor.scoped(() -> {
            Tensor dense = in.contiguous();
            Tensor upMatrix = Linear.unitStride(up);
            Tensor downMatrix = Linear.unitStride(down);
            NdArray rows = dense.data().rows();
            NdArray result = Tensor.allocate(backend, shape);
            Tensor inner = Tensor.of(backend, Tensor.allocate(backend, Shape.of(rows.size(0), up.size(1))));
            NdArray activated = Tensor.allocate(backend, inner.shape());
            NdArray shift = upBias == null ? null : upBias.contiguous().data();
            backend.matmul()
                    .matmulActivated(activated, inner.data(), rows, upMatrix.data(), shift, f, backend.elementwise());
            Linear.multiply(backend, result.rows(), activated, downMatrix, downBias, residual);
            return Tensor.of(backend, result)
                    .madeBy(new FeedForward(
                            Saved.of(dense), upMatrix, upBias, f, downMatrix, downBias, residual, Saved.of(inner)));
        });
    }

    @Override
    public List<Tensor> inputs() {
        return List.of(Operands.present(in.original(), up, upBias, down, downBias, residual));
    }

    @Override
    public List<Tensor> own() {
        return Saved.own(List.of(in), inner.kept());
    }

    @Override
    public List<Tensor> saved() {
        return List.of(in.kept(), up, down);
    }

    @Override
    public void backward(Tensor dOut, Gradients gradients) {
        Backend backend = up.backend();
        NdArray innerRows = inner.values().data();
        NdArray dRows = dOut.contiguous().data().rows();
        NdArray activated = Tensor.allocate(backend, innerRows.shape());
        // out = residual + f(inner)·down + downBias
        backend.elementwise().unary(f, activated, innerRows);
        Linear.sendToMap(gradients, down, downBias, activated, dRows);
        NdArray dInner = activated;
        backend.matmul()
                .matmulActivationGradient(
                        dInner, dRows, Linear.transposed(down.data()), innerRows, f, backend.elementwise());
        // inner = in·up + upBias
        Linear.sendToMap(gradients, up, upBias, in.values().data().rows(), dInner);
        gradients.into(
                in.original(),
                (dIn, accumulate) ->
                        backend.matmul().matmul(dIn.rows(), dInner, Linear.transposed(up.data()), accumulate));
        if (residual != null) {
            gradients.give(residual, dOut);
        }
    }
}
