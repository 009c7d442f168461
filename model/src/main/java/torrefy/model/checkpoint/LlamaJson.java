package torrefy.model.checkpoint;

import java.util.List;
import tools.jackson.core.JsonGenerator;
import torrefy.model.architecture.TransformerConfig;
import torrefy.model.layer.AttentionConfig;
import torrefy.model.layer.FeedForwardConfig;
import torrefy.model.layer.NormConfig;
import torrefy.model.layer.Positions;

/// The `config.json` of Hugging Face's models of Llama's family. They differ in what has a bias and in whether queries
/// and keys are normalized:
///
/// | model_type | queries, keys, values | projection | feed-forward | norm of queries and keys |
/// |---|---|---|---|---|
/// | llama | `attention_bias` | `attention_bias` | `mlp_bias` | no |
/// | mistral | no | no | no | no |
/// | qwen2 | bias | no | no | no |
/// | qwen3 | `attention_bias` | `attention_bias` | no | yes |
final class LlamaJson {

    private static final double BASE = 10_000;
    private static final double EPSILON = 1e-6;
    private static final int QWEN3_HEAD_SIZE = 128;

    /// Cosines and sines are tabulated for every position of the context, which nothing in the weights bears out.
    private static final long LARGEST_TABLE = 1 << 26;

    private LlamaJson() {}

    static TransformerConfig read(ConfigJson json, String type) throws MalformedFileException {
        requireOurs(json, type);
        int context = json.integer("max_position_embeddings");
        requireWholeAttention(json, context);
        AttentionConfig attention = attention(json, type);
        if ((long) context * attention.headSize() > LARGEST_TABLE) {
            throw json.wrong("max_position_embeddings", "which is too much to tabulate the rotations for");
        }
        boolean feedForwardBias = type.equals("llama") && json.truth("mlp_bias", false);
        return new TransformerConfig(
                json.integer("vocab_size"),
                context,
                json.integer("num_hidden_layers"),
                json.integer("hidden_size"),
                attention,
                new FeedForwardConfig(
                        json.integer("intermediate_size"), FeedForwardConfig.Kind.SWIGLU, feedForwardBias),
                new NormConfig(NormConfig.Kind.RMS, (float) json.number("rms_norm_eps", EPSILON)),
                Positions.Rotary.of(base(json)),
                json.truth("tie_word_embeddings", false),
                (float) json.number("resid_pdrop", 0));
    }

    private static void requireOurs(ConfigJson json, String type) throws MalformedFileException {
        String activation = json.text("hidden_act");
        // Two names for x·sigmoid(x).
        if (activation != null && !activation.equals("swish")) {
            json.require("hidden_act", "silu");
        }
        if (!type.equals("llama")) {
            json.require("mlp_bias", "false");
        }
        if (type.equals("mistral")) {
            json.require("attention_bias", "false");
        }
    }

    private static AttentionConfig attention(ConfigJson json, String type) throws MalformedFileException {
        int heads = json.integer("num_attention_heads");
        int width = json.integer("hidden_size");
        if (heads < 1) {
            throw json.wrong("num_attention_heads", "which is less than 1");
        }
        int keyValueHeads =
                type.equals("llama") ? json.integer("num_key_value_heads", heads) : json.integer("num_key_value_heads");
        int usual = type.equals("qwen3") ? QWEN3_HEAD_SIZE : width / heads;
        int headSize = json.integer("head_dim", usual);
        if (!json.has("head_dim") && !type.equals("qwen3") && width % heads != 0) {
            throw json.wrong("hidden_size", "which does not divide into " + heads + " heads");
        }
        boolean asked = json.truth("attention_bias", false);
        return switch (type) {
            case "qwen2" -> new AttentionConfig(heads, keyValueHeads, headSize, true, false, false);
            case "qwen3" -> new AttentionConfig(heads, keyValueHeads, headSize, asked, asked, true);
            default -> new AttentionConfig(heads, keyValueHeads, headSize, asked, asked, false);
        };
    }

    /// Every position must see all those before it.
    private static void requireWholeAttention(ConfigJson json, int context) throws MalformedFileException {
        // Qwen names a window and says apart whether it is used; Mistral names it to use it.
        boolean used = json.truth("use_sliding_window", json.text("model_type").equals("mistral"));
        int window = json.integer("sliding_window", Integer.MAX_VALUE);
        if (used && window < context) {
            throw json.wrong("sliding_window", "only attention over the whole context of " + context + " can be read");
        }
        for (Object kind : json.list("layer_types")) {
            if (!"full_attention".equals(kind)) {
                throw json.wrong("layer_types", "only full_attention can be read");
            }
        }
    }

    /// The base of the rotations: in `rope_parameters`, as files are written from 2025 on, in its earlier name
    /// `rope_scaling`, or at the top.
    private static double base(ConfigJson json) throws MalformedFileException {
        ConfigJson parameters = json.object("rope_parameters");
        ConfigJson earlier = json.object("rope_scaling");
        for (ConfigJson scaling : List.of(parameters, earlier)) {
            String kind = scaling.has("rope_type") ? "rope_type" : "type";
            scaling.require(kind, "default");
            requireWholeHeads(scaling);
            boolean known = List.of("rope_type", "type", "rope_theta", "partial_rotary_factor")
                    .containsAll(scaling.names());
            if (!known) {
                throw new MalformedFileException(
                        json.file(),
                        "has " + scaling.where()
                                + String.join(", ", scaling.names()).transform(ConfigJson::line)
                                + "; only rotations of one base without scaling can be read");
            }
        }
        requireWholeHeads(json);
        double top = json.number("rope_theta", BASE);
        return parameters.number("rope_theta", earlier.number("rope_theta", top));
    }

    private static void requireWholeHeads(ConfigJson json) throws MalformedFileException {
        if (json.number("partial_rotary_factor", 1) != 1) {
            throw json.wrong("partial_rotary_factor", "only rotations of whole heads can be read");
        }
    }

    /// @throws IllegalArgumentException if no model of the family has these parts
    static void write(TransformerConfig config, Positions.Rotary rotary, JsonGenerator json) {
        AttentionConfig attention = config.attention();
        FeedForwardConfig feedForward = config.feedForward();
        String type = type(config);
        HuggingFaceConfig.writeArchitecture(
                json,
                type,
                switch (type) {
                    case "qwen2" -> "Qwen2ForCausalLM";
                    case "qwen3" -> "Qwen3ForCausalLM";
                    default -> "LlamaForCausalLM";
                });
        json.writeNumberProperty("vocab_size", config.vocabulary());
        json.writeNumberProperty("max_position_embeddings", config.context());
        json.writeNumberProperty("hidden_size", config.width());
        json.writeNumberProperty("intermediate_size", feedForward.width());
        json.writeNumberProperty("num_hidden_layers", config.layers());
        json.writeNumberProperty("num_attention_heads", attention.heads());
        json.writeNumberProperty("num_key_value_heads", attention.keyValueHeads());
        json.writeNumberProperty("head_dim", attention.headSize());
        json.writeStringProperty("hidden_act", "silu");
        json.writeNumberProperty("rms_norm_eps", config.norm().epsilon());
        // Both spellings: older readers know the first, newer ones the second.
        json.writeNumberProperty("rope_theta", rotary.base());
        json.writeObjectPropertyStart("rope_parameters");
        json.writeStringProperty("rope_type", "default");
        json.writeNumberProperty("rope_theta", rotary.base());
        json.writeEndObject();
        if (type.equals("qwen2")) {
            json.writeBooleanProperty("use_sliding_window", false);
        } else {
            json.writeBooleanProperty("attention_bias", attention.bias());
        }
        if (type.equals("llama")) {
            json.writeBooleanProperty("mlp_bias", feedForward.bias());
        }
        if (config.dropout() > 0) {
            // Our own addition, which others pass over: they have no such dropout.
            json.writeNumberProperty("resid_pdrop", config.dropout());
        }
    }

    /// The member of the family that has these parts.
    static String type(TransformerConfig config) {
        AttentionConfig attention = config.attention();
        boolean feedForwardBias = config.feedForward().bias();
        boolean ours = config.norm().kind() == NormConfig.Kind.RMS
                && config.feedForward().kind() == FeedForwardConfig.Kind.SWIGLU;
        boolean evenBiases = attention.bias() == attention.projectionBias();
        if (ours && evenBiases && !attention.queryKeyNorm()) {
            return "llama";
        }
        if (ours && evenBiases && !feedForwardBias) {
            return "qwen3";
        }
        if (ours && attention.bias() && !attention.queryKeyNorm() && !feedForwardBias) {
            return "qwen2";
        }
        throw new IllegalArgumentException("this model is no Llama and no Qwen that others could open: with rotary"
                + " positions go RMS norm and SwiGLU, and biases as in one of them; it has " + attention + ", "
                + config.feedForward() + " and " + config.norm());
    }
}
