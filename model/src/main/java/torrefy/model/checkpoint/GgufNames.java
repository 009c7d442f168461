package torrefy.model.checkpoint;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import torrefy.core.backend.RotaryKernels.Pairing;
import torrefy.model.architecture.Transformer;
import torrefy.model.architecture.TransformerConfig;
import torrefy.model.layer.Positions;
import torrefy.tensor.Parameter;

/// Where the parameters of a [Transformer] go in a GGUF file. Matrices are `(out, in)`. For the architecture llama,
/// rotations turn channel 2i of a head with channel 2i + 1; for Qwen's, channel i with i + D/2.
final class GgufNames {

    private static final Pattern IN_BLOCK = Pattern.compile("(?:model\\.layers|h)\\.(\\d+)\\.(.+)\\.(weight|bias)");
    private static final Pattern OUTSIDE = Pattern.compile("(.+)\\.(weight|bias)");

    private static final Map<String, String> PARTS = Map.ofEntries(
            Map.entry("wte", "token_embd"),
            Map.entry("wpe", "position_embd"),
            Map.entry("ln_f", "output_norm"),
            Map.entry("lm_head", "output"),
            Map.entry("model.embed_tokens", "token_embd"),
            Map.entry("model.norm", "output_norm"),
            Map.entry("ln_1", "attn_norm"),
            Map.entry("attn.c_attn", "attn_qkv"),
            Map.entry("attn.c_proj", "attn_output"),
            Map.entry("ln_2", "ffn_norm"),
            Map.entry("mlp.c_fc", "ffn_up"),
            Map.entry("mlp.c_proj", "ffn_down"),
            Map.entry("input_layernorm", "attn_norm"),
            Map.entry("self_attn.q_proj", "attn_q"),
            Map.entry("self_attn.k_proj", "attn_k"),
            Map.entry("self_attn.v_proj", "attn_v"),
            Map.entry("self_attn.o_proj", "attn_output"),
            Map.entry("self_attn.q_norm", "attn_q_norm"),
            Map.entry("self_attn.k_norm", "attn_k_norm"),
            Map.entry("post_attention_layernorm", "ffn_norm"),
            Map.entry("mlp.gate_proj", "ffn_gate"),
            Map.entry("mlp.up_proj", "ffn_up"),
            Map.entry("mlp.down_proj", "ffn_down"));

    private GgufNames() {}

    static List<Counterpart> of(Transformer model, String architecture) {
        return model.parameters().all().stream()
                .map(parameter -> of(parameter, model.config(), architecture))
                .toList();
    }

    private static Counterpart of(Parameter parameter, TransformerConfig config, String architecture) {
        Counterpart there = Counterpart.of(parameter);
        Matcher inBlock = IN_BLOCK.matcher(parameter.name());
        boolean isLinear = inBlock.matches() && parameter.shape().rank() == 2;
        if (isLinear) {
            there = there.transposed();
        }
        if (HuggingFaceNames.isTurned(parameter.name()) && config.positions() instanceof Positions.Rotary rotary) {
            Pairing theirs = architecture.equals("llama") ? Pairing.NEIGHBOURS : Pairing.HALVES;
            there = turned(there, rotary.pairing(), theirs, config.headSize());
        }
        return there.named(name(parameter.name(), inBlock));
    }

    private static Counterpart turned(Counterpart rows, Pairing ours, Pairing theirs, int headSize) {
        if (ours == theirs) {
            return rows;
        }
        return rows.regrouped(headSize, ours == Pairing.HALVES ? 2 : headSize / 2);
    }

    private static String name(String ours, Matcher inBlock) {
        if (inBlock.matches()) {
            return "blk." + inBlock.group(1) + "." + PARTS.get(inBlock.group(2)) + "." + inBlock.group(3);
        }
        Matcher outside = OUTSIDE.matcher(ours);
        if (!outside.matches()) {
            throw new IllegalArgumentException("no GGUF file has a tensor like " + ours);
        }
        return PARTS.get(outside.group(1)) + "." + outside.group(2);
    }
}
