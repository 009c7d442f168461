package torrefy.benchmarks.peers;

import java.util.function.Supplier;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import torrefy.benchmarks.table.Duel;
import torrefy.benchmarks.table.Table;
import torrefy.core.backend.Backend;
import torrefy.core.backend.Backends;
import torrefy.core.backend.UnaryFunction;
import torrefy.core.memory.NdArray;

/// What lies between the matrix products of a training step, forward and backward. libtorch's backward is its autograd
/// over one operation, some microseconds more than the bare kernel.
final class KernelRows {

    private static final int N = 1024;
    private static final int C = 768;
    private static final int V = 50257;
    private static final float EPSILON = 1e-5f;

    private KernelRows() {}

    static void measure(Table table) {
        table.head("kernels", "ms", "Torrefy", "BLAS", "libtorch");
        scoped(() -> softmax(table));
        scoped(() -> layerNorm(table));
        scoped(() -> gelu(table));
        scoped(() -> crossEntropy(table));
        scoped(() -> attention(table, 4, 12, 1024, 64));
        scoped(() -> attention(table, 16, 6, 256, 64));
    }

    private static void scoped(Runnable body) {
        PointerScope scope = new PointerScope();
        try {
            body.run();
        } finally {
            scope.close();
        }
    }

    private static void softmax(Table table) {
        Backend backend = Backends.standard();
        Operand in = Operand.normal(1, 4 * N, N);
        Operand dOut = Operand.normal(2, 4 * N, N);
        NdArray out = Operand.zeros(4 * N, N).ours();
        NdArray dIn = Operand.zeros(4 * N, N).ours();
        rows(
                table,
                "softmax 4096 × 1024",
                Double.NaN,
                () -> backend.softmax().softmax(out, in.ours()),
                () -> backend.softmax().softmaxGradient(dIn, out, dOut.ours(), false),
                () -> torch.softmax(in.theirs(), -1),
                dOut.theirs(),
                in.theirs());
    }

    private static void layerNorm(Table table) {
        Backend backend = Backends.standard();
        Operand in = Operand.normal(1, N, C);
        Operand weight = Operand.normal(2, C);
        Operand bias = Operand.normal(3, C);
        Operand dOut = Operand.normal(4, N, C);
        NdArray out = Operand.zeros(N, C).ours();
        NdArray mean = Operand.zeros(N).ours();
        NdArray rstd = Operand.zeros(N).ours();
        NdArray dIn = Operand.zeros(N, C).ours();
        NdArray dWeight = Operand.zeros(C).ours();
        NdArray dBias = Operand.zeros(C).ours();
        TensorOptional theirWeight = new TensorOptional(weight.theirs());
        TensorOptional theirBias = new TensorOptional(bias.theirs());
        rows(
                table,
                "layer norm 1024 × 768",
                Double.NaN,
                () -> backend.normalization()
                        .layerNorm(out, mean, rstd, in.ours(), weight.ours(), bias.ours(), EPSILON),
                () -> backend.normalization()
                        .layerNormGradient(
                                dIn, dWeight, dBias, dOut.ours(), in.ours(), mean, rstd, weight.ours(), false),
                () -> torch.layer_norm(in.theirs(), new long[] {C}, theirWeight, theirBias, EPSILON, true),
                dOut.theirs(),
                in.theirs(),
                weight.theirs(),
                bias.theirs());
    }

    private static void gelu(Table table) {
        Backend backend = Backends.standard();
        Operand in = Operand.normal(1, N, 4 * C);
        Operand dOut = Operand.normal(2, N, 4 * C);
        NdArray out = Operand.zeros(N, 4 * C).ours();
        NdArray dIn = Operand.zeros(N, 4 * C).ours();
        rows(
                table,
                "GELU (tanh) 1024 × 3072",
                Double.NaN,
                () -> backend.elementwise().unary(UnaryFunction.GELU_TANH, out, in.ours()),
                () -> backend.elementwise()
                        .unaryGradient(UnaryFunction.GELU_TANH, dIn, in.ours(), out, dOut.ours(), false),
                () -> torch.gelu(in.theirs(), "tanh"),
                dOut.theirs(),
                in.theirs());
    }

    private static void crossEntropy(Table table) {
        Backend backend = Backends.standard();
        Operand logits = Operand.normal(1, N, V);
        int[] classes = new int[N];
        long[] wide = new long[N];
        for (int i = 0; i < N; i++) {
            classes[i] = i * 49 % V;
            wide[i] = classes[i];
        }
        NdArray targets = NdArray.of(classes, N);
        Tensor theirTargets = torch.tensor(wide, new TensorOptions(torch.ScalarType.Long));
        NdArray loss = Operand.zeros(N).ours();
        NdArray logSumExp = Operand.zeros(N).ours();
        NdArray dLoss = Operand.normal(2, N).ours();
        NdArray dLogits = Operand.zeros(N, V).ours();
        rows(
                table,
                "cross-entropy 1024 × 50257",
                Double.NaN,
                () -> backend.crossEntropy().crossEntropy(loss, logSumExp, logits.ours(), targets, -1),
                () -> backend.crossEntropy()
                        .crossEntropyGradient(dLogits, dLoss, logits.ours(), logSumExp, targets, -1, false),
                () -> torch.cross_entropy_loss(logits.theirs(), theirTargets),
                torch.ones(),
                logits.theirs());
    }

    private static void attention(Table table, int b, int h, int t, int d) {
        Backend backend = Backends.standard();
        Operand q = Operand.normal(1, b, h, t, d);
        Operand k = Operand.normal(2, b, h, t, d);
        Operand v = Operand.normal(3, b, h, t, d);
        Operand dOut = Operand.normal(4, b, h, t, d);
        NdArray out = Operand.zeros(b, h, t, d).ours();
        NdArray logSumExp = Operand.zeros(b, h, t).ours();
        NdArray dQ = Operand.zeros(b, h, t, d).ours();
        NdArray dK = Operand.zeros(b, h, t, d).ours();
        NdArray dV = Operand.zeros(b, h, t, d).ours();
        float scale = (float) (1 / Math.sqrt(d));
        BlasThreads.one();
        rows(
                table,
                "attention B " + b + ", H " + h + ", T " + t + ", D " + d,
                // Two products, each over half the positions.
                2.0 * b * h * t * t * d,
                () -> backend.attention().causalAttention(out, logSumExp, q.ours(), k.ours(), v.ours(), scale),
                () -> backend.attention()
                        .causalAttentionGradient(
                                dQ, dK, dV, dOut.ours(), out, logSumExp, q.ours(), k.ours(), v.ours(), scale),
                () -> torch.scaled_dot_product_attention(
                        q.theirs(), k.theirs(), v.theirs(), new TensorOptional(), 0, true, new DoubleOptional(), false),
                dOut.theirs(),
                q.theirs(),
                k.theirs(),
                v.theirs());
        BlasThreads.all();
    }

    /// A row for forward and one for backward.
    ///
    /// @param flops of forward; backward of attention takes 5 products to forward's 2
    private static void rows(
            Table table,
            String name,
            double flops,
            Runnable forward,
            Runnable backward,
            Supplier<Tensor> theirForward,
            Tensor dOut,
            Tensor... inputs) {
        if (!table.wants(name)) {
            return;
        }
        forward.run();
        Duel duel = new Duel(4, 7, 0.1);
        double[] seconds = duel.seconds(forward, null, () -> scoped(theirForward::get));
        table.times(name + ", forward", seconds, flops / seconds[0] / table.peak());
        TensorVector wanted = new TensorVector();
        for (Tensor input : inputs) {
            wanted.push_back(input.set_requires_grad(true));
        }
        TensorVector outputs = new TensorVector(theirForward.get());
        TensorVector gradients = new TensorVector(dOut);
        BoolOptional keep = new BoolOptional(true);
        seconds = duel.seconds(
                backward, null, () -> scoped(() -> torch.grad(outputs, wanted, gradients, keep, false, false)));
        table.times(name + ", backward", seconds, 2.5 * flops / seconds[0] / table.peak());
    }
}
