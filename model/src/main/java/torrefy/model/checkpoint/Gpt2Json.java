package torrefy.model.checkpoint;

import tools.jackson.core.JsonGenerator;
import torrefy.model.architecture.TransformerConfig;
import torrefy.model.layer.FeedForwardConfig;
import torrefy.model.layer.NormConfig;

/// The `config.json` of Hugging Face's `GPT2LMHeadModel`.
final class Gpt2Json {

    private Gpt2Json() {}

    static TransformerConfig read(ConfigJson json) throws MalformedFileException {
        String activation = json.text("activation_function");
        // Two names for GELU in its tanh form.
        if (activation != null && !activation.equals("gelu_pytorch_tanh")) {
            json.require("activation_function", "gelu_new");
        }
        json.require("scale_attn_weights", "true");
        json.require("scale_attn_by_inverse_layer_idx", "false");
        json.require("add_cross_attention", "false");
        TransformerConfig gpt2 = TransformerConfig.gpt2(
                json.integer("vocab_size"),
                json.integer("n_positions"),
                json.integer("n_layer"),
                json.integer("n_head"),
                json.integer("n_embd"),
                (float) json.number("resid_pdrop", 0));
        NormConfig norm = NormConfig.layer();
        return gpt2.withFeedForward(FeedForwardConfig.gelu(
                        json.integer("n_inner", gpt2.feedForward().width())))
                .withNorm(new NormConfig(norm.kind(), (float) json.number("layer_norm_epsilon", norm.epsilon())))
                .withTiedHead(json.truth("tie_word_embeddings", true));
    }

    /// @throws IllegalArgumentException if a GPT-2 has not these parts
    static void write(TransformerConfig config, JsonGenerator json) {
        requireGpt2(config);
        HuggingFaceConfig.writeArchitecture(json, "gpt2", "GPT2LMHeadModel");
        json.writeNumberProperty("vocab_size", config.vocabulary());
        json.writeNumberProperty("n_positions", config.context());
        json.writeNumberProperty("n_embd", config.width());
        json.writeNumberProperty("n_layer", config.layers());
        json.writeNumberProperty("n_head", config.heads());
        json.writeNumberProperty("n_inner", config.feedForward().width());
        json.writeStringProperty("activation_function", "gelu_new");
        json.writeNumberProperty("layer_norm_epsilon", config.norm().epsilon());
        json.writeNumberProperty("attn_pdrop", 0.0);
        json.writeNumberProperty("embd_pdrop", config.dropout());
        json.writeNumberProperty("resid_pdrop", config.dropout());
    }

    /// @throws IllegalArgumentException if a model has other parts than a GPT-2
    static void requireGpt2(TransformerConfig config) {
        TransformerConfig gpt2 = TransformerConfig.gpt2(
                config.vocabulary(), config.context(), config.layers(), config.heads(), config.width());
        boolean same = config.attention().equals(gpt2.attention())
                && config.feedForward()
                        .equals(FeedForwardConfig.gelu(config.feedForward().width()))
                && config.norm().kind() == NormConfig.Kind.LAYER;
        if (!same) {
            throw new IllegalArgumentException(
                    "this model is no GPT-2 that others could open: with learned positions go"
                            + " attention in heads of width / heads with biases, GELU with biases, and layer norm");
        }
    }
}
