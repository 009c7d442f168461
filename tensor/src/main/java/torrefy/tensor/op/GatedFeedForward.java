package torrefy.tensor.op;

import java.util.List;
import torrefy.core.backend.Backend;
import torrefy.core.backend.BinaryFunction;
import torrefy.core.backend.ElementwiseKernels;
import torrefy.core.backend.UnaryFunction;
import torrefy.core.memory.NdArray;
import torrefy.core.shape.Shape;
import torrefy.tensor.Gradients;
import torrefy.tensor.Tensor;

/// Two linear maps side by side, of which one opens and closes the other, and a third behind:
/// `out = residual + (f(g) ⊙ u)·down + downBias` with `g = in·gate + gateBias` and `u = in·up + upBias`. With f SiLU it
/// is SwiGLU: Shazeer, "GLU variants improve transformer", arXiv 2002.05202, equation 6.
///
/// Kept are g and u. Backward computes `h = f(g) ⊙ u` a second time: `dDown = hᵀ·dOut`, `dH = dOut·downᵀ`,
/// `dU = dH ⊙ f(g)`, `dG = dH ⊙ u ⊙ f'(g)`, `dGate = inᵀ·dG`, `dUp = inᵀ·dU`, `dIn = dG·gateᵀ + dU·upᵀ`,
/// `dResidual = dOut`; each bias gets the sum over the rows.
///
/// Shapes: `(…, C)`, `(C, F)`, `(F)`, `(C, F)`, `(F)`, `(F, N)`, `(N)` and `(…, N)` give `(…, N)`; the axes in front
/// are taken together as rows. Biases and residual may be null, weights may be `BF16`. Source:
/// [torrefy.core.backend.MatmulKernels].
///
/// @param f GELU in either form, SiLU or ReLU
/// @param gated g
/// @param opened u
public record GatedFeedForward(
        Saved in,
        Tensor gate,
        Tensor gateBias,
        Tensor up,
        Tensor upBias,
        UnaryFunction f,
        Tensor down,
        Tensor downBias,
        Tensor residual,
        Saved gated,
        Saved opened)
        implements Op {

    public static Tensor apply(
            Tensor in,
            Tensor gate,
            Tensor gateBias,
            Tensor up,
            Tensor upBias,
            UnaryFunction f,
            Tensor down,
            Tensor downBias,
            Tensor residual) {
        String name = "gatedFeedForward";
        Operands.requireBetweenMaps(name, f);
        Operands.backendWithStored(name, gate, in);
        Operands.backendWithStored(name, down, in);
        Backend backend =
                Operands.backendWithStored(name, up, Operands.present(in, gateBias, upBias, downBias, residual));
        Operands.requireFit(name, in, gate, gateBias);
        Operands.requireFit(name, in, up, upBias);
        if (!gate.shape().equals(up.shape())) {
            throw new IllegalArgumentException(
                    name + ": the gate's weight has shape " + gate.shape() + ", the other's " + up.shape());
        }
        Operands.requireFollows(name, up, down, downBias);
        Shape shape = in.shape().with(-1, down.size(1));
        Operands.requireResidual(name, residual, shape);
        // What nobody keeps goes back at once: the product always, g and u if copies are kept.
        return Tensor.scoped(() -> {
            Tensor dense = in.contiguous();
            Tensor gateMatrix = Linear.unitStride(gate);
            Tensor upMatrix = Linear.unitStride(up);
            Tensor downMatrix = Linear.unitStride(down);
            NdArray rows = dense.data().rows();
            Shape inner = Shape.of(rows.size(0), up.size(1));
            NdArray result = Tensor.allocate(backend, shape);
            Tensor gated = Tensor.of(backend, Tensor.allocate(backend, inner));
            Tensor opened = Tensor.of(backend, Tensor.allocate(backend, inner));
            NdArray product = Tensor.allocate(backend, inner);
            ElementwiseKernels elementwise = backend.elementwise();
            NdArray shift = gateBias == null ? null : gateBias.contiguous().data();
            backend.matmul().matmulActivated(product, gated.data(), rows, gateMatrix.data(), shift, f, elementwise);
            Linear.multiply(backend, opened.data(), rows, upMatrix, upBias, null);
            elementwise.binary(BinaryFunction.MULTIPLY, product, product, opened.data());
            Linear.multiply(backend, result.rows(), product, downMatrix, downBias, residual);
            return Tensor.of(backend, result)
                    .madeBy(new GatedFeedForward(
                            Saved.of(dense),
                            gateMatrix,
                            gateBias,
                            upMatrix,
                            upBias,
                            f,
                            downMatrix,
                            downBias,
                            residual,
                            Saved.of(gated),
                            Saved.of(opened)));
        });
    }

    @Override
    public List<Tensor> inputs() {
        return List.of(Operands.present(in.original(), gate, gateBias, up, upBias, down, downBias, residual));
    }

    @Override
    public List<Tensor> own() {
        return Saved.own(List.of(in), gated.kept(), opened.kept());
    }

    @Override
    public List<Tensor> saved() {
        return List.of(in.kept(), gate, up, down);
    }

    @Override
    public void backward(Tensor dOut, Gradients gradients) {
        Backend backend = up.backend();
        ElementwiseKernels elementwise = backend.elementwise();
        NdArray g = gated.values().data();
        NdArray u = opened.values().data();
        NdArray dRows = dOut.contiguous().data().rows();
        NdArray activated = Tensor.allocate(backend, g.shape());
        NdArray product = Tensor.allocate(backend, g.shape());
        // out = residual + h·down + downBias with h = f(g) ⊙ u
        elementwise.unary(f, activated, g);
        elementwise.binary(BinaryFunction.MULTIPLY, product, activated, u);
        Linear.sendToMap(gradients, down, downBias, product, dRows);
        NdArray dProduct = product;
        backend.matmul().matmul(dProduct, dRows, Linear.transposed(down.data()), false);
        NdArray dOpened = activated;
        elementwise.binary(BinaryFunction.MULTIPLY, dOpened, dProduct, activated);
        NdArray dGated = dProduct;
        elementwise.binary(BinaryFunction.MULTIPLY, dGated, dProduct, u);
        elementwise.unaryGradient(f, dGated, g, g, dGated, false);
        // g = in·gate + gateBias, u = in·up + upBias
        NdArray rows = in.values().data().rows();
        Linear.sendToMap(gradients, gate, gateBias, rows, dGated);
        Linear.sendToMap(gradients, up, upBias, rows, dOpened);
        gradients.into(in.original(), (dIn, accumulate) -> {
            backend.matmul().matmul(dIn.rows(), dGated, Linear.transposed(gate.data()), accumulate);
            backend.matmul().matmul(dIn.rows(), dOpened, Linear.transposed(up.data()), true);
        });
        if (residual != null) {
            gradients.give(residual, dOut);
        }
    }
}
