package torrefy.benchmarks.plan;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import torrefy.core.memory.DataType;
import torrefy.model.architecture.Storage;
import torrefy.model.architecture.TransformerConfig;
import torrefy.model.plan.StepSetup;

/// What is trained to try plans.
final class PlannedSizes {

    private static final int VOCABULARY = 4096;
    private static final int CONTEXT = 256;

    private static final Storage HALF_MOMENTS = new Storage(DataType.F32, DataType.BF16, DataType.F32);

    private PlannedSizes() {}

    /// Eight steps, from 0.4 to 21 million parameters, of both families, and with every knob turned once.
    static Map<String, StepSetup> all() {
        Map<String, StepSetup> all = new LinkedHashMap<>();
        all.put("GPT-2, 2 layers of 64", step(gpt2(2, 64), 8));
        all.put("GPT-2, 2 layers of 128", step(gpt2(2, 128), 16));
        all.put("Llama, 3 layers of 192", step(llama(3, 192), 8));
        all.put("GPT-2, 4 layers of 256", step(gpt2(4, 256), 8));
        all.put("the same, recomputed, twice 4", new StepSetup(gpt2(4, 256), Storage.F32, 4, 2, CONTEXT, true));
        all.put("Llama, 6 layers of 384", step(llama(6, 384), 8));
        all.put("GPT-2, 6 of 384, bf16 moments", new StepSetup(gpt2(6, 384), HALF_MOMENTS, 8, 1, CONTEXT, false));
        all.put("GPT-2, 6 layers of 512", step(gpt2(6, 512), 4));
        return all;
    }

    private static StepSetup step(TransformerConfig config, int sequences) {
        return StepSetup.of(config, sequences);
    }

    private static TransformerConfig gpt2(int layers, int width) {
        return TransformerConfig.gpt2(VOCABULARY, CONTEXT, layers, width / 64, width);
    }

    /// With a third as many heads of keys and values as of queries, and SwiGLU of 8/3 of the width.
    private static TransformerConfig llama(int layers, int width) {
        return TransformerConfig.llama(VOCABULARY, CONTEXT, layers, width / 64, width / 192, width, 8 * width / 3);
    }

    /// Any model and any step, up to some 150 million parameters and 16,384 tokens.
    static StepSetup random(long seed) {
        Random random = new Random(seed);
        int heads = 1 + random.nextInt(12);
        int width = 64 * heads;
        int vocabulary = 1000 + random.nextInt(50_000);
        int context = 32 << random.nextInt(6);
        int layers = 1 + random.nextInt(12);
        TransformerConfig config = random.nextBoolean()
                ? TransformerConfig.gpt2(vocabulary, context, layers, heads, width)
                : TransformerConfig.llama(vocabulary, context, layers, heads, 1, width, 3 * width);
        int sequences = 1 + random.nextInt(Math.max(1, 16_384 / context));
        return new StepSetup(config, Storage.F32, sequences, 1, context, random.nextInt(4) == 0);
    }
}
