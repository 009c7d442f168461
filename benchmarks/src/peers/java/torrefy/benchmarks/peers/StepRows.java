package torrefy.benchmarks.peers;

import torrefy.benchmarks.Workload;
import torrefy.benchmarks.table.Duel;
import torrefy.benchmarks.table.Table;
import torrefy.core.backend.Backends;
import torrefy.model.architecture.Transformer;
import torrefy.model.architecture.TransformerConfig;
import torrefy.model.training.Batch;
import torrefy.model.training.Batches;
import torrefy.model.training.RunLength;
import torrefy.model.training.TokenSource;
import torrefy.model.training.Trainer;
import torrefy.model.training.TrainingSettings;

/// Whole training steps on random tokens, without dropout: forward, backward, clipping and AdamW.
final class StepRows {

    private StepRows() {}

    static void measure(Table table) {
        table.head("training step", "tokens/s", "Torrefy", "BLAS", "libtorch");
        TransformerConfig gpt2 = TransformerConfig.gpt2(50257, 1024, 12, 12, 768);
        row(table, "GPT-2 124M, B4 T64", gpt2, 4, 64, 7);
        row(table, "GPT-2 124M, B1 T1024", gpt2, 1, 1024, 3);
        row(table, "6 layers of 384, B16 T256", TransformerConfig.gpt2(4096, 256, 6, 6, 384), 16, 256, 5);
    }

    private static void row(Table table, String name, TransformerConfig config, int batch, int length, int rounds) {
        if (!table.wants(name)) {
            return;
        }
        Batches batches = new Batches(
                TokenSource.of(Workload.tokens((batch + 1) * length + 1, config.vocabulary())), batch, length, 1);
        Transformer gpt = new Transformer(config, Backends.standard(), 1);
        // A run of one step, again and again.
        Trainer trainer = new Trainer(gpt, TrainingSettings.standard(RunLength.steps(1), 3e-4f));
        try (TorchGpt torchGpt = new TorchGpt(config)) {
            Batch same = batches.batch(0);
            double[] seconds = new Duel(3, rounds, 0)
                    .seconds(
                            () -> trainer.train(batches),
                            null,
                            () -> torchGpt.step(same.inputs(), same.targets(), batch, length));
            double tokens = batch * length;
            TransformerConfig seen = TransformerConfig.gpt2(
                    config.vocabulary(), length, config.layers(), config.heads(), config.width());
            double share = seen.flopsPerToken() * tokens / seconds[0] / table.peak();
            table.rates(name, tokens, seconds, share);
        }
    }
}
