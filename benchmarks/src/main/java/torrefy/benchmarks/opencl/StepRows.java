package torrefy.benchmarks.opencl;

import torrefy.benchmarks.Workload;
import torrefy.benchmarks.table.Duel;
import torrefy.benchmarks.table.Table;
import torrefy.core.backend.Backend;
import torrefy.model.architecture.TransformerConfig;

/// Whole training steps.
final class StepRows {

    private StepRows() {}

    static void beside(Table table, Contenders contenders) {
        table.head("training step", "tokens/s", "opencl", "vector");
        row(table, "the quickstart's model", Workload.named("small"), 9, contenders.opencl(), contenders.vector());
    }

    static void bf16(Table table, Contenders contenders) {
        table.head("training step with bfloat16 products", "tokens/s", "bf16", "f32", "vector");
        row(
                table,
                "the quickstart's model",
                Workload.named("small"),
                9,
                contenders.bf16(),
                contenders.opencl(),
                contenders.vector());
        row(
                table,
                "GPT-2 124M, B 4, T 64",
                Workload.named("gpt2"),
                5,
                contenders.bf16(),
                contenders.opencl(),
                contenders.vector());
    }

    private static void row(Table table, String name, Workload workload, int rounds, Backend... backends) {
        Runnable[] steps = new Runnable[backends.length];
        for (int i = 0; i < steps.length; i++) {
            steps[i] = workload.step(backends[i]);
        }
        double[] seconds = new Duel(3, rounds, 0).seconds(steps);
        TransformerConfig config = workload.config();
        // The cost of attention is that of the positions there are.
        TransformerConfig seen = TransformerConfig.gpt2(
                config.vocabulary(), workload.length(), config.layers(), config.heads(), config.width());
        int tokens = workload.tokensPerStep();
        table.rates(name, tokens, seconds, seen.flopsPerToken() * tokens / seconds[0] / table.peak());
    }
}
