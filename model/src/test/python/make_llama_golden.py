"""Writes two small models of the Llama family and what PyTorch makes of them to ../resources/torrefy/model/golden.

    python3 make_llama_golden.py

Needs torch alone; the model is written out below. (Debian's torch 1.13.1 calls itself 1.13.0a0.) The files are those of
golden.py. Weights have the names that Hugging Face gives them, in a Llama and, with their biases and norms of queries
and keys, in a Qwen; matrices are (out, in). They are drawn so large that no gradient is negligible.

    llama     grouped queries, positions in pairs of halves, an output layer of its own, no biases
    variant   all that may be otherwise: one head of keys and values, a head size that is not width / heads, queries and
              keys with biases and norms, positions in pairs of neighbours with another base, the token table as output
"""

import math

import golden
import torch
import torch.nn.functional as F

LLAMA = {
    "vocab_size": 47, "max_position_embeddings": 16, "num_hidden_layers": 2, "hidden_size": 16,
    "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 4, "intermediate_size": 24, "rms_norm_eps": 1e-5,
    "rope_theta": 10000.0, "rope_interleaved": False, "attention_bias": False, "qk_norm": False,
    "tie_word_embeddings": False,
}
VARIANT = LLAMA | {
    "num_key_value_heads": 1, "head_dim": 6, "rms_norm_eps": 1e-6, "rope_theta": 100.0, "rope_interleaved": True,
    "attention_bias": True, "qk_norm": True, "tie_word_embeddings": True,
}
B = 3


def draw_weights(c):
    generator = torch.Generator().manual_seed(1337)

    def normal(*shape, std=0.15, mean=0.0):
        return torch.randn(*shape, generator=generator) * std + mean

    width, inside = c["hidden_size"], c["num_attention_heads"] * c["head_dim"]
    shared, wide = c["num_key_value_heads"] * c["head_dim"], c["intermediate_size"]
    weights = {"model.embed_tokens.weight": normal(c["vocab_size"], width, std=0.25)}
    for i in range(c["num_hidden_layers"]):
        at = f"model.layers.{i}."
        weights[at + "input_layernorm.weight"] = normal(width, mean=1.0)
        for name, size in (("q", inside), ("k", shared), ("v", shared)):
            weights[at + f"self_attn.{name}_proj.weight"] = normal(size, width, std=0.3)
            if c["attention_bias"]:
                weights[at + f"self_attn.{name}_proj.bias"] = normal(size)
            if c["qk_norm"] and name != "v":
                weights[at + f"self_attn.{name}_norm.weight"] = normal(c["head_dim"], mean=1.0)
        weights |= {
            at + "self_attn.o_proj.weight": normal(width, inside),
            at + "post_attention_layernorm.weight": normal(width, mean=1.0),
            at + "mlp.gate_proj.weight": normal(wide, width, std=0.3),
            at + "mlp.up_proj.weight": normal(wide, width, std=0.3),
            at + "mlp.down_proj.weight": normal(width, wide),
        }
    weights["model.norm.weight"] = normal(width, mean=1.0)
    if not c["tie_word_embeddings"]:
        weights["lm_head.weight"] = normal(c["vocab_size"], width, std=0.25)
    return weights


def turned(x, c):
    """Each pair of channels of (B, H, T, D) turned by its position's angle, as a product of complex numbers."""
    t, size = x.shape[-2:]
    speeds = c["rope_theta"] ** (-torch.arange(0, size, 2, dtype=torch.float64) / size)
    turns = torch.polar(torch.ones(t, size // 2, dtype=torch.float64), torch.arange(t).double()[:, None] * speeds)
    # (…, D/2, 2): the two of a pair last.
    pairs = x.unflatten(-1, (size // 2, 2)) if c["rope_interleaved"] else x.unflatten(-1, (2, size // 2)).transpose(-2, -1)
    out = torch.view_as_real(torch.view_as_complex(pairs.contiguous()) * turns)
    return (out if c["rope_interleaved"] else out.transpose(-2, -1)).flatten(-2)


def llama(c):
    """The function from weights and token ids (B, T) to logits (B, T, V)."""
    heads, groups, size = c["num_attention_heads"], c["num_key_value_heads"], c["head_dim"]

    def logits(w, ids):
        def norm(x, name):
            return x * (x.pow(2).mean(-1, keepdim=True) + c["rms_norm_eps"]).rsqrt() * w[name + ".weight"]

        def linear(x, name):
            return F.linear(x, w[name + ".weight"], w.get(name + ".bias"))

        def by_head(x, count):
            return x.unflatten(-1, (count, size))

        t = ids.shape[1]
        blind = torch.ones(t, t, dtype=torch.bool).triu(1)
        x = w["model.embed_tokens.weight"][ids]
        for i in range(c["num_hidden_layers"]):
            at = f"model.layers.{i}."
            h = norm(x, at + "input_layernorm")
            q = by_head(linear(h, at + "self_attn.q_proj"), heads)
            k = by_head(linear(h, at + "self_attn.k_proj"), groups)
            v = by_head(linear(h, at + "self_attn.v_proj"), groups)
            if c["qk_norm"]:
                q, k = norm(q, at + "self_attn.q_norm"), norm(k, at + "self_attn.k_norm")
            q, k = turned(q.transpose(1, 2), c), turned(k.transpose(1, 2), c)
            k, v = (shared.repeat_interleave(heads // groups, 1) for shared in (k, v.transpose(1, 2)))
            scores = (q @ k.transpose(-2, -1) / math.sqrt(size)).masked_fill(blind, -math.inf)
            x = x + linear((scores.softmax(-1) @ v).transpose(1, 2).flatten(-2), at + "self_attn.o_proj")
            h = norm(x, at + "post_attention_layernorm")
            x = x + linear(F.silu(linear(h, at + "mlp.gate_proj")) * linear(h, at + "mlp.up_proj"), at + "mlp.down_proj")
        head = w["model.embed_tokens.weight" if c["tie_word_embeddings"] else "lm_head.weight"]
        return F.linear(norm(x, "model.norm"), head)

    return logits


for name, config in (("llama", LLAMA), ("variant", VARIANT)):
    length = config["max_position_embeddings"]
    golden.write(name, config, draw_weights(config), config["vocab_size"], B, length, llama(config))
