package torrefy.tensor.op;

import java.util.List;
import torrefy.core.backend.Backend;
import torrefy.core.backend.BinaryFunction;
import torrefy.core.memory.NdArray;
import torrefy.core.shape.Shape;
import torrefy.tensor.GradientMode;
import torrefy.tensor.Gradients;
import torrefy.tensor.Tensor;

/// [CrossEntropy] of `logits = hidden·headᵀ`, in chunks of rows whose logits become their own gradient while they are
/// at
/// hand: `dLogits = (softmax(logits) − onehot(targets))/count`. Then `dHidden = dOut·dLogits·head` and
/// `dHead = dOut·dLogitsᵀ·hidden`.
///
/// With N rows, what is kept for backward is the smaller of two things. For `N ≤ C` that is all of `dLogits`, `N·V`
/// floats: backward multiplies, and adds `dHead` straight to the gradient. For more rows forward multiplies each chunk
/// at once, and keeps `dHidden` and `dHead`, `C·(N + V)` floats, which backward only scales: then the logits never
/// exist
/// as a whole. Either way no product is computed twice.
///
/// Shapes: `(…, C)`, `(V, C)`, `I32` `(…)` give `()`. `head` may be `BF16`.
///
/// @param dLogits of `dOut = 1`, for few rows; else null
/// @param dHidden of `dOut = 1`, for many rows; else null
/// @param dHead of `dOut = 1`, for many rows; else null
public record HeadCrossEntropy(Saved hidden, Tensor head, Tensor dLogits, Tensor dHidden, Tensor dHead) implements Op {

    /// A chunk holds about this many logits: 8 MB, so that it stays in the caches between its uses.
    private static final int CHUNK = 1 << 21;

    /// But it has at least so many rows, if there are as many: each chunk reads all of `head`, up to three times.
    private static final int FEWEST_ROWS = 512;

    public static Tensor apply(Tensor hidden, Tensor head, Tensor targets, int ignore) {
        Backend backend = Operands.backendWithStored("headCrossEntropy", head, hidden);
        if (head.rank() != 2 || hidden.rank() < 1 || hidden.size(-1) != head.size(1)) {
            throw new IllegalArgumentException(
                    "headCrossEntropy: shapes do not fit: " + hidden.shape() + " with head " + head.shape());
        }
        Tensor ids = CrossEntropy.requireTargets("headCrossEntropy", hidden, head.size(0), targets, ignore);
        boolean records = GradientMode.isOn() && (hidden.requiresGradient() || head.requiresGradient());
        Tensor dense = hidden.contiguous();
        Tensor matrix = head.contiguous();
        NdArray rows = dense.data().rows();
        if (!records) {
            return loss(dense, matrix, ids, ignore, null, null, null);
        }
        if (rows.size(0) <= rows.size(1)) {
            NdArray dLogits = Tensor.allocate(backend, Shape.of(rows.size(0), head.size(0)));
            return loss(dense, matrix, ids, ignore, dLogits, null, null)
                    .madeBy(new HeadCrossEntropy(Saved.of(dense), matrix, Tensor.of(backend, dLogits), null, null));
        }
        NdArray dHidden = Tensor.allocate(backend, hidden.shape());
        NdArray dHead = Tensor.allocate(backend, head.shape());
        return loss(dense, matrix, ids, ignore, null, dHidden, dHead)
                .madeBy(new HeadCrossEntropy(
                        new Saved(dense, dense), matrix, null, Tensor.of(backend, dHidden), Tensor.of(backend, dHead)));
    }

    /// The loss, and what of the gradients is not null. What is needed on the way goes back to the arena.
    private static Tensor loss(
            Tensor hidden, Tensor head, Tensor ids, int ignore, NdArray dLogits, NdArray dHidden, NdArray dHead) {
        return Tensor.scoped(() -> GradientMode.off(() ->
                chunks(hidden.data().rows(), head, CrossEntropy.flat(ids), ids, ignore, dLogits, dHidden, dHead)));
    }

    private static Tensor chunks(
            NdArray rows,
            Tensor head,
            NdArray targets,
            Tensor ids,
            int ignore,
            NdArray dLogits,
            NdArray dHidden,
            NdArray dHead) {
        Backend backend = head.backend();
        NdArray matrix = head.data();
        int n = rows.size(0);
        int vocabulary = matrix.size(0);
        int step = Math.clamp(CHUNK / Math.max(1, vocabulary), Math.clamp(n, 1, FEWEST_ROWS), Math.max(1, n));
        int counted = Math.max(1, CrossEntropy.count(ids, ignore));
        NdArray losses = Tensor.allocate(backend, Shape.of(n));
        NdArray logSumExp = Tensor.allocate(backend, Shape.of(n));
        NdArray dLoss = Tensor.allocate(backend, Shape.of(n));
        NdArray chunk = dLogits == null ? Tensor.allocate(backend, Shape.of(step, vocabulary)) : null;
        backend.elementwise().fill(dLoss, 1f / counted);
        for (int from = 0; from < n; from += step) {
            int length = Math.min(step, n - from);
            NdArray part = rowsOf(rows, from, length);
            NdArray partTargets = rowsOf(targets, from, length);
            NdArray partSums = rowsOf(logSumExp, from, length);
            NdArray logits = dLogits == null ? rowsOf(chunk, 0, length) : rowsOf(dLogits, from, length);
            // logits = hidden·headᵀ
            backend.matmul().matmul(logits, part, transposed(matrix), false);
            backend.crossEntropy().crossEntropy(rowsOf(losses, from, length), partSums, logits, partTargets, ignore);
            if (dLogits != null || dHead != null) {
                backend.crossEntropy()
                        .crossEntropyGradient(
                                logits, rowsOf(dLoss, from, length), logits, partSums, partTargets, ignore, false);
            }
            if (dHead != null) {
                backend.matmul().matmul(rowsOf(dHidden.rows(), from, length), logits, matrix, false);
                backend.matmul().matmul(dHead, transposed(logits), part, from > 0);
            }
        }
        return Tensor.of(backend, losses).sum().multiply(1f / counted);
    }

    private static NdArray rowsOf(NdArray array, int from, int length) {
        return array.with(array.layout().slice(0, from, length));
    }

    private static NdArray transposed(NdArray matrix) {
        return matrix.with(matrix.layout().transpose(0, 1));
    }

    @Override
    public List<Tensor> inputs() {
        return List.of(hidden.original(), head);
    }

    @Override
    public List<Tensor> own() {
        return dLogits == null ? List.of(dHidden, dHead) : Saved.own(List.of(hidden), dLogits);
    }

    @Override
    public List<Tensor> saved() {
        return dLogits == null ? List.of() : List.of(hidden.kept(), head);
    }

    @Override
    public void backward(Tensor dOut, Gradients gradients) {
        if (dLogits == null) {
            gradients.give(hidden.original(), scaled(dHidden, dOut));
            gradients.give(head, scaled(dHead, dOut));
            return;
        }
        Backend backend = head.backend();
        if (gradients.wanted(hidden.original())) {
            Tensor dHiddenOfOne = Tensor.of(
                    backend, Tensor.allocate(backend, hidden.original().shape()));
            backend.matmul().matmul(dHiddenOfOne.data().rows(), dLogits.data(), head.data(), false);
            gradients.give(hidden.original(), scaled(dHiddenOfOne, dOut));
        }
        if (gradients.wanted(head)) {
            // The factor goes to the small side: dHead += dLogitsᵀ·(dOut·hidden)
            NdArray factored = hidden.values().multiply(dOut).data().rows();
            gradients.into(
                    head,
                    (dHead, accumulate) ->
                            backend.matmul().matmul(dHead, transposed(dLogits.data()), factored, accumulate));
        }
    }

    /// `d·dOut` with a single number `dOut`, in the memory of `d`, which nobody else has seen.
    private static Tensor scaled(Tensor d, Tensor dOut) {
        NdArray factor = Elementwise.stretched(dOut, d.shape());
        d.backend().elementwise().binary(BinaryFunction.MULTIPLY, d.data(), d.data(), factor);
        return d;
    }
}
