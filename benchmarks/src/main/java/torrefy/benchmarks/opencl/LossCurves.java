package torrefy.benchmarks.opencl;

import java.util.Locale;
import torrefy.core.backend.Backend;
import torrefy.model.architecture.Transformer;
import torrefy.model.architecture.TransformerConfig;
import torrefy.model.training.Batches;
import torrefy.model.training.RunLength;
import torrefy.model.training.TokenSource;
import torrefy.model.training.Trainer;
import torrefy.model.training.TrainingSettings;

/// What products in bfloat16 cost of the loss: one small GPT trained in both precisions from the same weights on the
/// same batches, beside what another seed alone does to it.
final class LossCurves {

    private static final TransformerConfig CONFIG = TransformerConfig.gpt2(257, 64, 2, 4, 64);
    private static final int SEQUENCES = 8;
    private static final int STEPS = 500;
    private static final int LAST = 100;
    private static final int EVERY = 50;

    private LossCurves() {}

    static void print(Contenders contenders) {
        if (contenders.bf16() == null) {
            return;
        }
        double[] f32 = losses(contenders.opencl(), 1, 1);
        double[] bf16 = losses(contenders.bf16(), 1, 1);
        double[] otherWeights = losses(contenders.opencl(), 2, 1);
        double[] otherBatches = losses(contenders.opencl(), 1, 2);
        System.out.printf("%nloss after step %8s %8s   f32, other first weights   f32, other batches%n", "f32", "bf16");
        for (int step = EVERY; step <= STEPS; step += EVERY) {
            int i = step - 1;
            System.out.printf(
                    Locale.ROOT,
                    "%15d %8.4f %8.4f %26.4f %20.4f%n",
                    step,
                    f32[i],
                    bf16[i],
                    otherWeights[i],
                    otherBatches[i]);
        }
        System.out.printf("over the last %d steps:%n", LAST);
        say("bf16 is apart from f32 by |Δ|", apart(f32, bf16, 0));
        say("  and above it by", mean(bf16) - mean(f32));
        say("other first weights are apart by |Δ|", apart(f32, otherWeights, 0));
        say("other batches are apart by |Δ|", apart(f32, otherBatches, 0));
        say("f32 is apart from itself a step before by |Δ|", apart(f32, f32, 1));
    }

    private static void say(String what, double nats) {
        System.out.printf(Locale.ROOT, "  %-48s %8.5f%n", what, nats);
    }

    /// @param seed of the first weights
    /// @param order of the batches
    private static double[] losses(Backend backend, long seed, long order) {
        double[] losses = new double[STEPS];
        Batches batches = new Batches(TokenSource.of(text()), SEQUENCES, CONFIG.context(), order);
        new Trainer(new Transformer(CONFIG, backend, seed), TrainingSettings.standard(RunLength.steps(STEPS), 3e-3f))
                .train(batches, report -> losses[report.step() - 1] = report.loss());
        return losses;
    }

    /// Bytes of which each follows from the two before it, seven times of eight: more than a bigram to learn.
    private static int[] text() {
        int[] tokens = new int[200_000];
        int noise = 1;
        for (int i = 2; i < tokens.length; i++) {
            noise = noise * 1_103_515_245 + 12_345;
            int next = (5 * tokens[i - 1] + tokens[i - 2] / 64 + 7) % 256;
            tokens[i] = (noise >>> 16) % 8 == 0 ? (noise >>> 20) % 256 : next;
        }
        return tokens;
    }

    /// The mean of `|b − a|` over the last steps, a taken `lag` steps before b.
    private static double apart(double[] a, double[] b, int lag) {
        double sum = 0;
        for (int i = STEPS - LAST; i < STEPS; i++) {
            sum += Math.abs(b[i] - a[i - lag]);
        }
        return sum / LAST;
    }

    private static double mean(double[] losses) {
        double sum = 0;
        for (int i = STEPS - LAST; i < STEPS; i++) {
            sum += losses[i];
        }
        return sum / LAST;
    }
}
