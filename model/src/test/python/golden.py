"""What make_gpt_golden.py and make_llama_golden.py share: ten steps of training in PyTorch, and the files that tell of them.

A model's files, all little-endian, `name` standing for the model's:

    name.json                  the configuration, the AdamW settings, which torch made the files
    name-weights.safetensors   the initial weights, F32
    name-batches.safetensors   token ids: `inputs` and `targets` (11, B, T), stored as F32, which holds them exactly; the
                               first is the batch that the loss and the gradients belong to, the other ten are those of
                               the training steps
    name-losses.safetensors    F64: `loss` () and `logits` (B, T, V) of batch 0 at the initial weights; `steps` (10) the
                               loss before each of ten AdamW steps, from the initial weights, step i on batch i + 1;
                               `norms` (10) the gradients' global norm of each step before clipping
    name-gradients.safetensors the gradient of that loss by every parameter at the initial weights, F32
    name-trained.safetensors   the weights after the ten steps, F32

Loss: mean cross-entropy over all B·T positions. AdamW: decay on parameters of two axes or more (embeddings included),
none on the others. Before each step gradients are multiplied by min(1, 1/(norm + 1e-6)): torch.nn.utils.clip_grad_norm_
with a maximum of 1. Everything is computed in float64 from weights that float32 holds exactly, so that the files hold
the true numbers, rounded once.
"""

import json
import os
import struct

import torch
import torch.nn.functional as F

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../resources/torrefy/model/golden")
STEPS, RATE, BETAS, EPSILON, DECAY, CLIP = 10, 3e-3, (0.9, 0.95), 1e-8, 0.1, 1.0


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


def write(name, config, weights, vocabulary, batch, length, model):
    """Trains `model(weights, ids)`, which gives logits (B, T, V), and writes its files."""
    ids = torch.randint(vocabulary, (STEPS + 1, batch, length + 1), generator=torch.Generator().manual_seed(42))
    inputs, targets = ids[:, :, :-1], ids[:, :, 1:]
    save(f"{name}-weights.safetensors", weights)
    save(f"{name}-batches.safetensors", {"inputs": inputs.float(), "targets": targets.float()})

    def loss_of(w, number):
        logits = model(w, inputs[number])
        return F.cross_entropy(logits.reshape(-1, vocabulary), targets[number].reshape(-1)), logits

    parameters = {key: w.double().requires_grad_() for key, w in weights.items()}
    loss, logits = loss_of(parameters, 0)
    loss.backward()
    save(f"{name}-gradients.safetensors", {key: p.grad.float() for key, p in parameters.items()})

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
        step_loss, _ = loss_of(parameters, step + 1)
        step_loss.backward()
        norms.append(torch.nn.utils.clip_grad_norm_(parameters.values(), CLIP).item())
        losses.append(step_loss.item())
        optimizer.step()
    as_double = lambda numbers: torch.tensor(numbers, dtype=torch.float64)
    save(
        f"{name}-losses.safetensors",
        {"loss": loss.detach(), "logits": logits, "steps": as_double(losses), "norms": as_double(norms)},
    )
    save(f"{name}-trained.safetensors", {key: p.float() for key, p in parameters.items()})
    with open(os.path.join(FOLDER, f"{name}.json"), "w") as file:
        settings = {
            "torch": torch.__version__, **config,
            "batch": batch, "steps": STEPS, "learning_rate": RATE, "beta1": BETAS[0], "beta2": BETAS[1],
            "epsilon": EPSILON, "weight_decay": DECAY, "clip_norm": CLIP,
        }
        json.dump(settings, file, indent=2)
        file.write("\n")
    print(f"{name}, torch {torch.__version__}: loss {loss.item():.6f}; steps", " ".join(f"{l:.4f}" for l in losses))
    print("norms", " ".join(f"{n:.3f}" for n in norms))
    files = [f for f in os.listdir(FOLDER) if f.startswith(name)]
    print("bytes", sum(os.path.getsize(os.path.join(FOLDER, f)) for f in files))
