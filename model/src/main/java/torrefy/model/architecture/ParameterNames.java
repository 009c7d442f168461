package torrefy.model.architecture;

/// What the parts of a model are called in the files of the family that it belongs to.
///
/// @param tokens the token table
/// @param positions the position table
/// @param block what stands before a block's number
/// @param attentionNorm within a block
/// @param attention within a block
/// @param feedForwardNorm within a block
/// @param feedForward within a block
/// @param finalNorm the norm after the last block
/// @param head the output layer, where it is not the token table
record ParameterNames(
        String tokens,
        String positions,
        String block,
        String attentionNorm,
        String attention,
        String feedForwardNorm,
        String feedForward,
        String finalNorm,
        String head) {

    /// Those of Hugging Face's `GPT2LMHeadModel`.
    static final ParameterNames GPT2 =
            new ParameterNames("wte", "wpe", "h.", "ln_1", "attn", "ln_2", "mlp", "ln_f", "lm_head");

    /// Those of Hugging Face's `LlamaForCausalLM` and of what came after it: Qwen, Mistral.
    static final ParameterNames LLAMA = new ParameterNames(
            "model.embed_tokens",
            "model.embed_positions",
            "model.layers.",
            "input_layernorm",
            "self_attn",
            "post_attention_layernorm",
            "mlp",
            "model.norm",
            "lm_head");
}
