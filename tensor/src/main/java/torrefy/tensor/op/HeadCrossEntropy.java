package torrefy.tensor.op;

import java.util.List;
import torrefy.core.backend.Backend;
import torrefy.core.backend.BinaryFunction;
import torrefy.core.memory.NdArray;
import torrefy.core.shape.Shape;
import torrefy.tensor.GradientMode;
import torrefy.tensor.Gradients;
import torrefy.tensor.Tensor;

/// [CrossEntropy] of `logits = hidden·headᵀ`, in chunks of rows, so that the `(N, V)` logits never exist as a whole.
///
/// A chunk's logits are turned into their own gradient while they are at hand:
/// `dLogits = (softmax(logits) − onehot(targets))/count`, `dHidden = dLogits·head`, `dHead += dLogitsᵀ·hidden`.
/// Backward only scales both by `dOut`, where they lie. That costs `C·(N + V)` floats instead of `N·V`, and no product
/// is computed twice.
///
/// Shapes: `(…, C)`, `(V, C)`, `I32` `(…)` give `()`. `head` may be `BF16`.
public record HeadCrossEntropy(Tensor hidden, Tensor head, Tensor dHidden, Tensor dHead) implements Op {

    /// A chunk holds about this many logits: 8 MB, so that it stays in the caches between its four uses.
    private static final int CHUNK = 1 << 21;

    public static Tensor apply(Tensor hidden, Tensor head, Tensor targets, int ignore) {
        Backend backend = Operands.backendWithStored("headCrossEntropy", head, hidden);
        if (head.rank() != 2 || hidden.rank() < 1 || hidden.size(-1) != head.size(1)) {
            throw new IllegalArgumentException(
                    "headCrossEntropy: shapes do not fit: " + hidden.shape() + " with head " + head.shape());
        }
        int vocabulary = head.size(0);
        Tensor ids = CrossEntropy.requireTargets("headCrossEntropy", hidden, vocabulary, targets, ignore);
        int counted = Math.max(1, CrossEntropy.count(ids, ignore));
        boolean records = GradientMode.isOn() && (hidden.requiresGradient() || head.requiresGradient());
        NdArray rows = hidden.contiguous().data().rows();
        NdArray matrix = head.contiguous().data();
        NdArray targetRows = CrossEntropy.flat(ids);
        int n = rows.size(0);
        int step = Math.clamp(CHUNK / Math.max(1, vocabulary), 1, Math.max(1, n));

        NdArray losses = Tensor.allocate(backend, Shape.of(n));
        NdArray logSumExp = Tensor.allocate(backend, Shape.of(n));
        NdArray logits = Tensor.allocate(backend, Shape.of(step, vocabulary));
        NdArray dLoss = Tensor.allocate(backend, Shape.of(n));
        backend.elementwise().fill(dLoss, 1f / counted);
        NdArray dHidden = records ? Tensor.allocate(backend, hidden.shape()) : null;
        NdArray dHead = records ? Tensor.allocate(backend, head.shape()) : null;
        if (records && n == 0) {
            backend.elementwise().fill(dHead, 0);
        }
        for (int from = 0; from < n; from += step) {
            int length = Math.min(step, n - from);
            NdArray part = rowsOf(rows, from, length);
            NdArray partTargets = rowsOf(targetRows, from, length);
            NdArray partLogits = rowsOf(logits, 0, length);
            NdArray partSums = rowsOf(logSumExp, from, length);
            // logits = hidden·headᵀ
            backend.matmul().matmul(partLogits, part, transposed(matrix), false);
            backend.crossEntropy()
                    .crossEntropy(rowsOf(losses, from, length), partSums, partLogits, partTargets, ignore);
            if (records) {
                NdArray dLogits = partLogits;
                backend.crossEntropy()
                        .crossEntropyGradient(
                                dLogits, rowsOf(dLoss, from, length), partLogits, partSums, partTargets, ignore, false);
                backend.matmul().matmul(rowsOf(dHidden.rows(), from, length), dLogits, matrix, false);
                backend.matmul().matmul(dHead, transposed(dLogits), part, from > 0);
            }
        }
        Tensor loss = GradientMode.off(() -> Tensor.of(backend, losses).sum().multiply(1f / counted));
        if (!records) {
            return loss;
        }
        return loss.madeBy(new HeadCrossEntropy(hidden, head, Tensor.of(backend, dHidden), Tensor.of(backend, dHead)));
    }

    private static NdArray rowsOf(NdArray array, int from, int length) {
        return array.with(array.layout().slice(0, from, length));
    }

    private static NdArray transposed(NdArray matrix) {
        return matrix.with(matrix.layout().transpose(0, 1));
    }

    @Override
    public List<Tensor> inputs() {
        return List.of(hidden, head);
    }

    @Override
    public List<Tensor> saved() {
        return List.of();
    }

    @Override
    public void backward(Tensor dOut, Gradients gradients) {
        gradients.give(hidden, scaled(dHidden, dOut));
        gradients.give(head, scaled(dHead, dOut));
    }

    /// `d·dOut` with a single number `dOut`, in the memory of `d`, which nobody else has seen.
    private static Tensor scaled(Tensor d, Tensor dOut) {
        NdArray factor = Elementwise.stretched(dOut, d.shape());
        d.backend().elementwise().binary(BinaryFunction.MULTIPLY, d.data(), d.data(), factor);
        return d;
    }
}
