"""Writes a small GPT-2 and what PyTorch makes of it to ../resources/torrefy/model/golden.

    python3 make_gpt_golden.py

Needs torch alone; the model is written out below. (Debian's torch 1.13.1 calls itself 1.13.0a0.) The files are those of
golden.py. Weights have Hugging Face's GPT-2 names; Conv1D weights are (in, out). They are drawn larger than GPT-2's, so
that no gradient is negligible and clipping acts in some steps and not in others.
"""

import math

import golden
import torch
import torch.nn.functional as F

V, T, L, H, C, B = 65, 16, 2, 2, 16, 3


def draw_weights():
    generator = torch.Generator().manual_seed(1337)

    def normal(*shape, std=0.15, mean=0.0):
        return torch.randn(*shape, generator=generator) * std + mean

    weights = {"wte.weight": normal(V, C, std=0.25), "wpe.weight": normal(T, C)}
    for i in range(L):
        at = f"h.{i}."
        weights |= {
            at + "ln_1.weight": normal(C, mean=1.0),
            at + "ln_1.bias": normal(C),
            at + "attn.c_attn.weight": normal(C, 3 * C),
            at + "attn.c_attn.bias": normal(3 * C),
            at + "attn.c_proj.weight": normal(C, C),
            at + "attn.c_proj.bias": normal(C),
            at + "ln_2.weight": normal(C, mean=1.0),
            at + "ln_2.bias": normal(C),
            at + "mlp.c_fc.weight": normal(C, 4 * C),
            at + "mlp.c_fc.bias": normal(4 * C),
            at + "mlp.c_proj.weight": normal(4 * C, C),
            at + "mlp.c_proj.bias": normal(C),
        }
    weights |= {"ln_f.weight": normal(C, mean=1.0), "ln_f.bias": normal(C)}
    return weights


def gpt2(w, ids):
    """Logits (B, T, V) of token ids (B, T)."""

    def norm(x, name):
        return F.layer_norm(x, (C,), w[name + ".weight"], w[name + ".bias"], 1e-5)

    def linear(x, name):
        return x @ w[name + ".weight"] + w[name + ".bias"]

    t = ids.shape[1]
    x = w["wte.weight"][ids] + w["wpe.weight"][:t]
    blind = torch.ones(t, t, dtype=torch.bool).triu(1)
    for i in range(L):
        at = f"h.{i}."
        q, k, v = (
            part.reshape(-1, t, H, C // H).transpose(1, 2)
            for part in linear(norm(x, at + "ln_1"), at + "attn.c_attn").split(C, -1)
        )
        scores = (q @ k.transpose(-2, -1) / math.sqrt(C // H)).masked_fill(blind, -math.inf)
        mixed = (scores.softmax(-1) @ v).transpose(1, 2).reshape(-1, t, C)
        x = x + linear(mixed, at + "attn.c_proj")
        hidden = F.gelu(linear(norm(x, at + "ln_2"), at + "mlp.c_fc"), approximate="tanh")
        x = x + linear(hidden, at + "mlp.c_proj")
    return norm(x, "ln_f") @ w["wte.weight"].t()


config = {"vocab_size": V, "n_positions": T, "n_layer": L, "n_head": H, "n_embd": C, "layer_norm_epsilon": 1e-5}
golden.write("gpt", config, draw_weights(), V, B, T, gpt2)
