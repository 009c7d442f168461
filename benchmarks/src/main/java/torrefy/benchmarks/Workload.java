package torrefy.benchmarks;

import torrefy.core.backend.Backend;
import torrefy.core.random.Distributions;
import torrefy.core.random.RandomKey;
import torrefy.model.architecture.Transformer;
import torrefy.model.architecture.TransformerConfig;
import torrefy.model.training.Batches;
import torrefy.model.training.RunLength;
import torrefy.model.training.TokenSource;
import torrefy.model.training.Trainer;
import torrefy.model.training.TrainingSettings;

/// What a training step is measured on: a GPT, and how many random tokens it sees in a step.
///
/// @param sequences B
/// @param length T
public record Workload(TransformerConfig config, int sequences, int length) {

    /// `small` is the quickstart's model and batch, `mini` about three times its size, `gpt2` OpenAI's with 124M
    /// parameters on a short batch; `tiny` only shows that a step runs.
    ///
    /// @throws IllegalArgumentException if none is called so
    public static Workload named(String name) {
        return switch (name) {
            case "tiny" -> new Workload(TransformerConfig.gpt2(64, 16, 1, 2, 32), 2, 16);
            case "small" -> new Workload(TransformerConfig.gpt2(4096, 256, 4, 4, 256), 8, 256);
            case "mini" -> new Workload(TransformerConfig.gpt2(4096, 256, 6, 6, 384), 16, 256);
            case "gpt2" -> new Workload(TransformerConfig.gpt2(50257, 1024, 12, 12, 768), 4, 64);
            default ->
                throw new IllegalArgumentException(
                        "no model is called '" + name + "'; there are: tiny, small, mini, gpt2");
        };
    }

    public int tokensPerStep() {
        return sequences * length;
    }

    /// One step, to be run again and again, without dropout: forward, backward, clipping and AdamW. It ends when its
    /// loss was read, on a device too.
    public Runnable step(Backend backend) {
        int[] tokens = tokens((sequences + 1) * length + 1, config.vocabulary());
        Batches batches = new Batches(TokenSource.of(tokens), sequences, length, 1);
        Trainer trainer =
                new Trainer(new Transformer(config, backend, 1), TrainingSettings.standard(RunLength.steps(1), 3e-4f));
        return () -> trainer.train(batches);
    }

    /// `count` random whole numbers below `limit`, always the same.
    public static int[] tokens(int count, int limit) {
        int[] values = new int[count];
        int[] words = new int[4];
        for (int i = 0; i < count; i++) {
            RandomKey.of(2).words(i, words, 0);
            values[i] = Distributions.below(words, limit);
        }
        return values;
    }
}
