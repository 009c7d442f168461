package torrefy.tensor.op;

import java.util.List;
import torrefy.core.backend.Backend;
import torrefy.core.memory.NdArray;
import torrefy.core.shape.Broadcast;
import torrefy.core.shape.Shape;
import torrefy.tensor.Gradients;
import torrefy.tensor.Tensor;

/// `out[…, i, j] = Σₚ a[…, i, p]·b[…, p, j]`; `dA = dOut·bᵀ`, `dB = aᵀ·dOut`.
///
/// Shapes: `(…, M, K)`, `(…, K, N)` give `(…, M, N)`; the axes in front broadcast. A transposed view is read where it
/// lies. `b` may be `BF16`.
public record Matmul(Tensor a, Tensor b) implements Op {

    public static Tensor apply(Tensor a, Tensor b) {
        Backend backend = Operands.backendWithStored("matmul", b, a);
        if (a.rank() < 2 || b.rank() < 2) {
            throw new IllegalArgumentException(
                    "matmul: needs two matrices, got shapes " + a.shape() + " and " + b.shape());
        }
        if (a.size(-1) != b.size(-2)) {
            throw new IllegalArgumentException("matmul: inner sizes differ: " + a.shape() + " x " + b.shape());
        }
        Shape outerA = a.shape().slice(0, a.rank() - 2);
        Shape outerB = b.shape().slice(0, b.rank() - 2);
        Shape outer = Broadcast.shape("matmul", outerA, outerB);
        NdArray out = Tensor.allocate(backend, outer.concat(Shape.of(a.size(-2), b.size(-1))));
        backend.matmul().matmul(out, operand(a, outer), operand(b, outer), false);
        return Tensor.of(backend, out).madeBy(new Matmul(a, b));
    }

    /// A matrix operand as the kernel wants it: the outer axes stretched, one of the last two strides 1.
    private static NdArray operand(Tensor tensor, Shape outer) {
        NdArray data = tensor.data();
        if (!hasUnitStride(data)) {
            data = Copy.apply(Tensor.of(tensor.backend(), data)).data();
        }
        Shape matrix = data.shape().slice(data.rank() - 2, data.rank());
        return data.with(data.layout().broadcastTo(outer.concat(matrix)));
    }

    /// Whether one of the last two axes has stride 1, as the kernel needs.
    static boolean hasUnitStride(NdArray matrix) {
        return matrix.stride(-1) == 1 || matrix.stride(-2) == 1;
    }

    @Override
    public List<Tensor> inputs() {
        return List.of(a, b);
    }

    @Override
    public void backward(Tensor dOut, Gradients gradients) {
        // out = a·b
        if (gradients.wanted(a)) {
            multiplyInto(gradients, a, dOut, b.transpose(-2, -1));
        }
        if (gradients.wanted(b)) {
            multiplyInto(gradients, b, a.transpose(-2, -1), dOut);
        }
    }

    /// Adds `x·y` to the gradient of `tensor`: straight into place, unless the outer axes of `tensor` were stretched.
    private static void multiplyInto(Gradients gradients, Tensor tensor, Tensor x, Tensor y) {
        Shape outer = Broadcast.shape(
                "matmul", x.shape().slice(0, x.rank() - 2), y.shape().slice(0, y.rank() - 2));
        if (outer.equals(tensor.shape().slice(0, tensor.rank() - 2))) {
            gradients.into(
                    tensor,
                    (dTensor, accumulate) -> tensor.backend()
                            .matmul()
                            .matmul(dTensor, operand(x, outer), operand(y, outer), accumulate));
        } else {
            gradients.add(tensor, x.matmul(y));
        }
    }
}
