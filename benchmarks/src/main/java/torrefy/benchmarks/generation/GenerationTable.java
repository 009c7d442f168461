package torrefy.benchmarks.generation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import torrefy.benchmarks.Workload;
import torrefy.benchmarks.table.Duel;
import torrefy.benchmarks.table.ReadPass;
import torrefy.core.backend.Backend;
import torrefy.core.backend.Backends;
import torrefy.core.parallel.FmaPeak;
import torrefy.model.architecture.Transformer;
import torrefy.model.architecture.TransformerConfig;
import torrefy.model.generation.Generation;
import torrefy.model.generation.Generator;
import torrefy.model.generation.Sampler;

/// Prints tokens a second for GPT-2 with 124M random parameters, or another [Workload] by name, and the share of the
/// limit that they are:
///
/// - writing (decode): the bytes of all weights times passes a second, over the bytes a second that all threads read;
/// - reading (prefill): the floating-point operations of the prompt's products, over the measured peak.
public final class GenerationTable {

    private static final int PROMPT = 16;
    private static final int TOKENS = 240;
    private static final int ROUNDS = 15;

    private final Transformer model;
    private final int threads;

    private GenerationTable(Transformer model, int threads) {
        this.model = model;
        this.threads = threads;
    }

    public static void main(String[] arguments) {
        int threads = Runtime.getRuntime().availableProcessors();
        TransformerConfig config =
                Workload.named(arguments.length == 0 ? "gpt2" : arguments[0]).config();
        try (Backend backend = Backends.create("auto", threads)) {
            System.out.println(backend.description());
            GenerationTable table = new GenerationTable(new Transformer(config, backend, 1), threads);
            for (int texts : new int[] {1, 4, 16}) {
                table.writing(texts);
            }
            for (int length : new int[] {64, 256, config.context()}) {
                table.reading(Math.min(length, config.context()));
            }
        }
    }

    /// A token of each of `texts` texts at a time.
    private void writing(int texts) {
        List<int[]> prompts = new ArrayList<>();
        for (int i = 0; i < texts; i++) {
            prompts.add(Workload.tokens(PROMPT, model.config().vocabulary()));
        }
        Generator generator = new Generator(model, Sampler.greedy(), 1);
        Generation[] running = {generator.sideBySide(prompts, TOKENS)};
        Runnable step = () -> {
            if (!running[0].isRunning()) {
                running[0] = generator.sideBySide(prompts, TOKENS);
                running[0].step((text, token) -> true);
            }
            running[0].step((text, token) -> true);
        };
        // A whole text goes by until the compiler is done.
        for (int i = 0; i < TOKENS; i++) {
            step.run();
        }
        try (ReadPass memory = new ReadPass(threads)) {
            double[] seconds = new Duel(1, ROUNDS, 0.2).seconds(step, memory);
            double bandwidth = memory.bytes() / seconds[1];
            double bytes = 4.0 * model.config().parameters();
            System.out.printf(
                    Locale.ROOT,
                    "writing %2d texts: %7.1f tokens/s, %5.2f ms a pass, %4.1f of %4.1f GB/s, %3.0f %%%n",
                    texts,
                    texts / seconds[0],
                    seconds[0] * 1e3,
                    bytes / seconds[0] * 1e-9,
                    bandwidth * 1e-9,
                    100 * bytes / seconds[0] / bandwidth);
        }
    }

    /// A prompt of `length` tokens at a time.
    private void reading(int length) {
        int[] prompt = Workload.tokens(length, model.config().vocabulary());
        Generator generator = new Generator(model, Sampler.greedy(), 1);
        double[] peaks = new double[ROUNDS];
        double[] seconds = new double[ROUNDS];
        Duel turn = new Duel(0, 1, 0.2);
        for (int round = 0; round < ROUNDS; round++) {
            peaks[round] = FmaPeak.measure(threads, Duration.ofMillis(round == 0 ? 500 : 50));
            seconds[round] = turn.seconds(() -> generator.tokens(prompt, 1).nextInt())[0];
        }
        double peak = Duel.median(peaks);
        double time = Duel.median(seconds);
        double rate = operations(length) / time;
        System.out.printf(
                Locale.ROOT,
                "reading %4d tokens: %7.0f tokens/s, %4.0f of %4.0f GFLOP/s, %3.0f %%%n",
                length,
                length / time,
                rate * 1e-9,
                peak * 1e-9,
                100 * rate / peak);
    }

    /// Of a prompt's matrix products: the blocks' for every position, the output layer's for the last one, and those
    /// of attention with the `(T + 1)/2` positions that one sees on average.
    private double operations(int length) {
        TransformerConfig config = model.config();
        double table = (double) config.vocabulary() * config.width();
        double blocks = config.matrixParameters() - table - (double) config.context() * config.width();
        double attention = 4.0 * config.layers() * config.width() * (length + 1) / 2;
        return 2 * blocks * length + attention * length + 2 * table;
    }
}
