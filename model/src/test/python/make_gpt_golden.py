"""Writes a small GPT-2 and what PyTorch makes of it to ../resources/torrefy/model/golden.

    python3 make_gpt_golden.py

Needs torch alone; the model is written out below. (Debian's torch 1.13.1 calls itself 1.13.0a0.) The files, all little-endian:

    gpt.json                  the configuration, the AdamW settings, which torch made the files
    gpt-weights.safetensors   the initial weights, F32, under Hugging Face's GPT-2 names; Conv1D weights are (in, out)
    gpt-batches.safetensors   token ids: `inputs` and `targets` (11, B, T), stored as F32, which holds them exactly; the
                              first is the batch that the loss and the gradients belong to, the other ten are those of
                              the training steps
    gpt-losses.safetensors    F64: `loss` () and `logits` (B, T, V) of batch 0 at the initial weights; `steps` (10) the
                              loss before each of ten AdamW steps, from the initial weights, step i on batch i + 1;
                              `norms` (10) the gradients' global norm of each step before clipping
    gpt-gradients.safetensors the gradient of that loss by every parameter at the initial weights, F32
    gpt-trained.safetensors   the weights after the ten steps, F32

Loss: mean cross-entropy over all B·T positions. AdamW: decay on parameters of two axes or more (embeddings included),
none on the others. Before each step gradients are multiplied by min(1, 1/(norm + 1e-6)): torch.nn.utils.clip_grad_norm_
with a maximum of 1. The weights are drawn larger than GPT-2's, so that no gradient is negligible and clipping acts in
some steps and not in others. Everything is computed in float64 from weights that float32 holds exactly, so that the
files hold the true numbers, rounded once.
"""

import json
import math
import os
import struct

import torch
import torch.nn.functional as F

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../resources/torrefy/model/golden")
V, T, L, H, C, B = 65, 16, 2, 2, 16, 3
STEPS, RATE, BETAS, EPSILON, DECAY, CLIP = 10, 3e-3, (0.9, 0.95), 1e-8, 0.1, 1.0


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


def loss_of(w, ids, targets):
    logits = gpt2(w, ids)
    return F.cross_entropy(logits.reshape(-1, V), targets.reshape(-1)), logits


def save(name, tensors):
    """The safetensors format: the header's length as u64, the header as JSON, the data without gaps."""
    codes = {torch.float32: ("F32", "f"), torch.float64: ("F64", "d")}
    header, data = {"__metadata__": {"format": "pt", "torch": torch.__version__}}, b""
    for key, tensor in tensors.items():
        dtype, letter = codes[tensor.dtype]
        flat = tensor.detach().reshape(-1).tolist()
        packed = struct.pack(f"<{len(flat)}{letter}", *flat)
        header[key] = {"dtype": dtype, "shape": list(tensor.shape), "data_offsets": [len(data), len(data) + len(packed)]}
        data += packed
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(os.path.join(FOLDER, name), "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


weights = draw_weights()
ids = torch.randint(V, (STEPS + 1, B, T + 1), generator=torch.Generator().manual_seed(42))
inputs, targets = ids[:, :, :-1], ids[:, :, 1:]
save("gpt-weights.safetensors", weights)
save("gpt-batches.safetensors", {"inputs": inputs.float(), "targets": targets.float()})

parameters = {name: w.double().requires_grad_() for name, w in weights.items()}
loss, logits = loss_of(parameters, inputs[0], targets[0])
loss.backward()
save("gpt-gradients.safetensors", {name: p.grad.float() for name, p in parameters.items()})

optimizer = torch.optim.AdamW(
    [
        {"params": [p for p in parameters.values() if p.dim() >= 2], "weight_decay": DECAY},
        {"params": [p for p in parameters.values() if p.dim() < 2], "weight_decay": 0.0},
    ],
    lr=RATE,
    betas=BETAS,
    eps=EPSILON,
)
losses, norms = [], []
for step in range(STEPS):
    optimizer.zero_grad()
    step_loss, _ = loss_of(parameters, inputs[step + 1], targets[step + 1])
    step_loss.backward()
    norms.append(torch.nn.utils.clip_grad_norm_(parameters.values(), CLIP).item())
    losses.append(step_loss.item())
    optimizer.step()
as_double = lambda numbers: torch.tensor(numbers, dtype=torch.float64)
save(
    "gpt-losses.safetensors",
    {"loss": loss.detach(), "logits": logits, "steps": as_double(losses), "norms": as_double(norms)},
)
save("gpt-trained.safetensors", {name: p.float() for name, p in parameters.items()})
with open(os.path.join(FOLDER, "gpt.json"), "w") as file:
    settings = {
        "torch": torch.__version__,
        "vocab_size": V, "n_positions": T, "n_layer": L, "n_head": H, "n_embd": C, "layer_norm_epsilon": 1e-5,
        "batch": B, "steps": STEPS, "learning_rate": RATE, "beta1": BETAS[0], "beta2": BETAS[1], "epsilon": EPSILON,
        "weight_decay": DECAY, "clip_norm": CLIP,
    }
    json.dump(settings, file, indent=2)
    file.write("\n")
print(f"torch {torch.__version__}: loss {loss.item():.6f}; steps", " ".join(f"{l:.4f}" for l in losses))
print("norms", " ".join(f"{n:.3f}" for n in norms))
print("bytes", sum(os.path.getsize(os.path.join(FOLDER, f)) for f in os.listdir(FOLDER)))
