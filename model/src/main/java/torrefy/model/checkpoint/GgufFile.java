package torrefy.model.checkpoint;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import torrefy.core.shape.Shape;
import torrefy.model.architecture.Transformer;
import torrefy.model.architecture.TransformerConfig;
import torrefy.model.layer.Positions;

/// A [Transformer] and its tokenizer as one GGUF file, which llama.cpp and its relatives run. It is only written: what
/// was rounded to Q8_0 is not worth training on.
public final class GgufFile {

    /// What tells readers in which of its forms Q8_0 is.
    private static final int QUANTIZATION_VERSION = 2;

    private GgufFile() {}

    /// Writes a file; it appears whole or not at all.
    ///
    /// @param type of the matrices
    /// @throws IllegalArgumentException if llama.cpp knows no such model, the tokens are not as many as the model has,
    ///     or a weight is beyond what the type holds
    /// @throws IOException if the file cannot be written; it is then what it was
    public static void write(Transformer model, GgufTokens tokens, GgufType type, Path file) throws IOException {
        TransformerConfig config = model.config();
        if (tokens.tokens().size() != config.vocabulary()) {
            throw new IllegalArgumentException("a model of " + config.vocabulary()
                    + " tokens cannot go with a tokenizer of " + tokens.tokens().size());
        }
        String architecture = architecture(config);
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("general.architecture", architecture);
        metadata.put("general.name", "torrefy");
        metadata.put("general.file_type", type.fileCode());
        metadata.put("general.quantization_version", QUANTIZATION_VERSION);
        putShape(metadata, architecture + ".", config);
        putTokens(metadata, tokens);
        List<GgufWriter.Entry> entries = new ArrayList<>();
        for (Counterpart counterpart : GgufNames.of(model, architecture)) {
            entries.add(new GgufWriter.Entry(counterpart, typeOf(counterpart, type)));
        }
        GgufWriter.write(file, metadata, entries);
    }

    private static String architecture(TransformerConfig config) {
        if (!(config.positions() instanceof Positions.Rotary)) {
            Gpt2Json.requireGpt2(config);
            return "gpt2";
        }
        String architecture = LlamaJson.type(config);
        if (architecture.equals("qwen3") && config.attention().bias()) {
            throw new IllegalArgumentException(
                    "llama.cpp knows no model with normalized queries and keys whose attention has biases");
        }
        if (architecture.equals("qwen2") && config.attention().queryChannels() != config.width()) {
            throw new IllegalArgumentException("llama.cpp knows no Qwen 2 whose " + config.heads() + " heads of size "
                    + config.headSize() + " do not make up the width of " + config.width());
        }
        return architecture;
    }

    private static GgufType typeOf(Counterpart counterpart, GgufType type) {
        Shape shape = counterpart.shape();
        if (shape.rank() < 2 || counterpart.name().startsWith("position_embd")) {
            return GgufType.F32;
        }
        return shape.size(1) % type.blockElements() == 0 ? type : GgufType.F16;
    }

    private static void putShape(Map<String, Object> metadata, String family, TransformerConfig config) {
        metadata.put(family + "vocab_size", config.vocabulary());
        metadata.put(family + "context_length", config.context());
        metadata.put(family + "embedding_length", config.width());
        metadata.put(family + "block_count", config.layers());
        metadata.put(family + "feed_forward_length", config.feedForward().width());
        metadata.put(family + "attention.head_count", config.heads());
        metadata.put(family + "attention.head_count_kv", config.keyValueHeads());
        String kind = config.positions() instanceof Positions.Rotary ? "layer_norm_rms_epsilon" : "layer_norm_epsilon";
        metadata.put(family + "attention." + kind, config.norm().epsilon());
        if (config.positions() instanceof Positions.Rotary rotary) {
            metadata.put(family + "attention.key_length", config.headSize());
            metadata.put(family + "attention.value_length", config.headSize());
            metadata.put(family + "rope.dimension_count", config.headSize());
            metadata.put(family + "rope.freq_base", (float) rotary.base());
        }
    }

    private static void putTokens(Map<String, Object> metadata, GgufTokens tokens) {
        // "gpt2" is what llama.cpp calls every byte-level BPE.
        metadata.put("tokenizer.ggml.model", "gpt2");
        metadata.put("tokenizer.ggml.pre", tokens.splitting());
        metadata.put("tokenizer.ggml.tokens", tokens.tokens());
        metadata.put("tokenizer.ggml.token_type", tokens.types());
        metadata.put("tokenizer.ggml.merges", tokens.merges());
        metadata.put("tokenizer.ggml.bos_token_id", tokens.marks().begin());
        metadata.put("tokenizer.ggml.eos_token_id", tokens.marks().end());
        // A text begins as every document of the training text did.
        metadata.put("tokenizer.ggml.add_bos_token", true);
    }
}
