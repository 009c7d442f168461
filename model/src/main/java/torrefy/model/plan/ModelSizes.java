package torrefy.model.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import torrefy.model.architecture.TransformerConfig;

/// Models from small to large, all of one kind: heads of 64 channels, and a layer for each of them, as GPT-2's smallest
/// (width 768, 12 layers) has it. Their losses hardly depend on the proportion: Kaplan et al., arXiv 2001.08361, figure
/// 5.
///
/// @param vocabulary of all of them
/// @param context of all of them
public record ModelSizes(int vocabulary, int context) {

    private static final int HEAD_SIZE = 64;
    private static final int LARGEST_WIDTH = 16384;

    /// Products of so many rows are about as fast as they get on a processor.
    private static final int MICRO_BATCH_TOKENS = 4096;

    /// What GPT-3's smallest model saw in a step: Brown et al., arXiv 2005.14165, table 2.1.
    private static final int LARGEST_STEP_TOKENS = 1 << 19;

    private static final int SMALLEST_STEP_TOKENS = 2048;

    private static final double RATE = 0.032;

    /// Fewer steps than this are too few for a learning rate to rise and fall.
    static final int FEWEST_STEPS = 500;

    /// As many as these are better than fewer larger ones: 2.5 million tokens of Java brought 0.4 million parameters to
    /// 4.05 nats a token in 1,200 steps of 2,048, and to 4.66 in 300 of 8,192.
    private static final int MANY_STEPS = 4000;

    /// The model of that width, a multiple of 64; empty if it is too large for a Java array.
    public Optional<TransformerConfig> ofWidth(int width) {
        int heads = width / HEAD_SIZE;
        try {
            return Optional.of(TransformerConfig.gpt2(vocabulary, context, Math.max(2, heads), heads, width));
        } catch (IllegalArgumentException e) {
            if (width == HEAD_SIZE) {
                // Then it is the vocabulary or the context that makes no model.
                throw e;
            }
            return Optional.empty();
        }
    }

    TransformerConfig smallest() {
        return ofWidth(HEAD_SIZE).orElseThrow();
    }

    /// All of them, ascending.
    public List<TransformerConfig> all() {
        List<TransformerConfig> all = new ArrayList<>();
        for (int width = HEAD_SIZE; width <= LARGEST_WIDTH; width += width < 1024 ? HEAD_SIZE : 4 * HEAD_SIZE) {
            ofWidth(width).ifPresent(all::add);
        }
        return all;
    }

    /// The highest learning rate for a model of `width`: 0.002 at 256, elsewhere with the inverse root of the width.
    /// Vaswani et al., arXiv 1706.03762, equation 3.
    public static float learningRate(int width) {
        return (float) (RATE / Math.sqrt(width));
    }

    /// Sequences that are computed at once, if there is memory.
    static int microBatch(int context) {
        return Math.max(1, MICRO_BATCH_TOKENS / context);
    }

    /// Sequences in a step of a run over `tokens`: many steps come first, then large steps.
    static int stepSequences(int context, double tokens) {
        double wanted = Math.clamp(tokens / MANY_STEPS, (double) SMALLEST_STEP_TOKENS, LARGEST_STEP_TOKENS);
        return (int) Math.max(1, Long.highestOneBit((long) (wanted / context)));
    }
}
