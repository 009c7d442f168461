package torrefy.tensor.op;

import java.util.List;
import torrefy.core.backend.Backend;
import torrefy.core.memory.NdArray;
import torrefy.core.shape.Shape;
import torrefy.tensor.GradientMode;
import torrefy.tensor.Gradients;
import torrefy.tensor.Tensor;

/// `out = mean(ln Σᵥ exp(logits[n, v]) − logits[n, targets[n]])` over the rows whose target is not `ignore`;
/// `dLogits[n, v] = dOut/count·(softmax(logits)[n, v] − [v = targets[n]])`, 0 in ignored rows. If all are ignored the
/// result is 0.
///
/// Shapes: `(…, V)` and `I32` `(…)` give `()`.
public record CrossEntropy(Tensor logits, Tensor targets, Tensor logSumExp, int ignore, int counted) implements Op {

    /// Targets that are looked at together.
    private static final int LOOKED_AT = 1 << 10;

    public static Tensor apply(Tensor logits, Tensor targets, int ignore) {
        Backend backend = Operands.backend("crossEntropy", logits);
        Tensor ids = requireTargets("crossEntropy", logits, logits.size(-1), targets, ignore);
        int counted = Math.max(1, count(ids, ignore));
        Tensor dense = logits.contiguous();
        NdArray rows = dense.data().rows();
        NdArray losses = Tensor.allocate(backend, Shape.of(rows.size(0)));
        NdArray logSumExp = Tensor.allocate(backend, Shape.of(rows.size(0)));
        backend.crossEntropy().crossEntropy(losses, logSumExp, rows, flat(ids), ignore);
        Tensor loss = GradientMode.off(() -> Tensor.of(backend, losses).sum().multiply(1f / counted));
        return loss.madeBy(new CrossEntropy(dense, ids, Tensor.of(backend, logSumExp), ignore, counted));
    }

    /// `targets` without gaps; throws unless there is one for each row of `of` and each is in range or `ignore`.
    static Tensor requireTargets(String operation, Tensor of, int vocabulary, Tensor targets, int ignore) {
        Tensor ids = Operands.indices(operation, targets, of);
        if (!targets.shape().equals(of.shape().without(-1))) {
            throw new IllegalArgumentException(
                    operation + ": shapes do not fit: " + of.shape() + " with targets " + targets.shape());
        }
        Operands.requireInRange(operation, "target", ids, vocabulary, ignore);
        return ids;
    }

    /// How many targets, without gaps, are not `ignore`. They are looked at in parts, so that no step copies them all.
    static int count(Tensor targets, int ignore) {
        NdArray all = flat(targets);
        int[] part = new int[Math.min(LOOKED_AT, all.elements())];
        int count = 0;
        for (int from = 0; from < all.elements(); from += LOOKED_AT) {
            int length = Math.min(LOOKED_AT, all.elements() - from);
            targets.backend().download(all.with(all.layout().slice(0, from, length)), part, 0);
            for (int i = 0; i < length; i++) {
                count += part[i] == ignore ? 0 : 1;
            }
        }
        return count;
    }

    static NdArray flat(Tensor targets) {
        return targets.data().reshape(Shape.of(targets.shape().elements()));
    }

    @Override
    public List<Tensor> inputs() {
        return List.of(logits);
    }

    @Override
    public List<Tensor> own() {
        return List.of(logSumExp);
    }

    @Override
    public List<Tensor> saved() {
        return List.of(logits, targets);
    }

    @Override
    public void backward(Tensor dOut, Gradients gradients) {
        int rows = logSumExp.size(0);
        NdArray dLoss =
                dOut.divide(counted).reshape(1).expand(rows).contiguous().data();
        gradients.into(
                logits,
                (dLogits, accumulate) -> logits.backend()
                        .crossEntropy()
                        .crossEntropyGradient(
                                dLogits.rows(),
                                dLoss,
                                logits.data().rows(),
                                logSumExp.data(),
                                flat(targets),
                                ignore,
                                accumulate));
    }
}
