"""Reads a model folder (config.json, model.safetensors) as others would, and runs the model in PyTorch.

    python3 model/src/test/python/read_model_folder.py FOLDER ID ID ID …                    print what it computes
    python3 model/src/test/python/read_model_folder.py FOLDER --write FILE ID ID ID …       and keep the logits

Prints the loss of the ids, each predicted from those before it, the logits after the last one and 16 more ids, the
likeliest each time. `--write` puts the logits of all positions, (T, V), and those ids, both F32, into a safetensors file.
Needs torch alone (Debian's python3-torch will do): the file is parsed and the models (GPT-2, Llama, Qwen 2, Qwen 3) are
written out below. Weights are widened to float64, so that what is printed is true to the last digit.
"""

import json
import math
import struct
import sys

import torch
import torch.nn.functional as F

folder, ids = sys.argv[1], sys.argv[2:]
target = ids.pop(1) if ids[0] == "--write" else None
ids = [int(text) for text in ids if text != "--write"]
config = json.load(open(f"{folder}/config.json"))
NUMBERS = {"F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16}


def load(path):
    with open(path, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        data = bytearray(file.read())
    header.pop("__metadata__", None)
    return {
        name: torch.frombuffer(data, dtype=NUMBERS[t["dtype"]], count=math.prod(t["shape"]), offset=t["data_offsets"][0])
        .reshape(t["shape"])
        .double()
        for name, t in header.items()
    }


def attention(q, k, v):
    """(H, T, D) each, to (T, H·D); every position sees itself and those before."""
    t = q.shape[1]
    scores = q @ k.transpose(1, 2) / math.sqrt(q.shape[2])
    scores = scores.masked_fill(torch.ones(t, t, dtype=torch.bool).triu(1), -math.inf)
    return (scores.softmax(-1) @ v).transpose(0, 1).reshape(t, -1)


def gpt2(ids):
    def norm(x, name):
        return F.layer_norm(x, x.shape[-1:], w[name + ".weight"], w[name + ".bias"], config["layer_norm_epsilon"])

    def conv1d(x, name):
        return x @ w[name + ".weight"] + w[name + ".bias"]

    assert config["activation_function"] == "gelu_new"
    t = len(ids)
    x = w["wte.weight"][ids] + w["wpe.weight"][:t]
    for i in range(config["n_layer"]):
        q, k, v = (
            part.reshape(t, config["n_head"], -1).transpose(0, 1)
            for part in conv1d(norm(x, f"h.{i}.ln_1"), f"h.{i}.attn.c_attn").chunk(3, -1)
        )
        x = x + conv1d(attention(q, k, v), f"h.{i}.attn.c_proj")
        x = x + conv1d(F.gelu(conv1d(norm(x, f"h.{i}.ln_2"), f"h.{i}.mlp.c_fc"), approximate="tanh"), f"h.{i}.mlp.c_proj")
    return norm(x, "ln_f"), "wte.weight"


def llama(ids):
    def norm(x, name):
        return x / torch.sqrt((x * x).mean(-1, keepdim=True) + config["rms_norm_eps"]) * w[name + ".weight"]

    def linear(x, name):
        return F.linear(x, w[name + ".weight"], w.get(name + ".bias"))

    def heads(x, name, count):
        x = linear(x, f"{name}_proj").reshape(len(ids), count, config["head_dim"]).transpose(0, 1)
        return norm(x, f"{name}_norm") if f"{name}_norm.weight" in w else x

    def rotate(x):
        half = config["head_dim"] // 2
        speeds = config["rope_theta"] ** (-torch.arange(half, dtype=torch.float64) / half)
        angles = torch.arange(len(ids), dtype=torch.float64)[:, None] * speeds
        a, b = x[..., :half], x[..., half:]
        return torch.cat([a * angles.cos() - b * angles.sin(), b * angles.cos() + a * angles.sin()], -1)

    shared = config["num_attention_heads"] // config["num_key_value_heads"]
    x = w["model.embed_tokens.weight"][ids]
    for i in range(config["num_hidden_layers"]):
        at = f"model.layers.{i}."
        seen = norm(x, at + "input_layernorm")
        q = rotate(heads(seen, at + "self_attn.q", config["num_attention_heads"]))
        k = rotate(heads(seen, at + "self_attn.k", config["num_key_value_heads"])).repeat_interleave(shared, 0)
        v = heads(seen, at + "self_attn.v", config["num_key_value_heads"]).repeat_interleave(shared, 0)
        x = x + linear(attention(q, k, v), at + "self_attn.o_proj")
        seen = norm(x, at + "post_attention_layernorm")
        x = x + linear(F.silu(linear(seen, at + "mlp.gate_proj")) * linear(seen, at + "mlp.up_proj"), at + "mlp.down_proj")
    return norm(x, "model.norm"), "model.embed_tokens.weight"


def logits(ids):
    hidden, table = (gpt2 if config["model_type"] == "gpt2" else llama)(ids)
    return hidden @ w[table if config["tie_word_embeddings"] else "lm_head.weight"].t()


w = load(f"{folder}/model.safetensors")
scores = logits(ids)
longer = list(ids)
context = config.get("n_positions") or config["max_position_embeddings"]
while len(longer) < min(len(ids) + 16, context):
    longer.append(logits(longer)[-1].argmax().item())
print(f"{config['architectures'][0]}, {sum(a.numel() for a in w.values())} parameters, torch {torch.__version__}")
print(f"loss {F.cross_entropy(scores[:-1], torch.tensor(ids[1:])).item():.7f}")
print("logits", " ".join(f"{score:.5f}" for score in scores[-1][:8].tolist()), "…")
print("likeliest", *longer[len(ids):])
if target:
    tensors = {"logits": scores, "likeliest": torch.tensor(longer[len(ids):], dtype=torch.float64)}
    header, data = {"__metadata__": {"format": "pt", "torch": torch.__version__}}, b""
    for name, tensor in tensors.items():
        packed = struct.pack(f"<{tensor.numel()}f", *tensor.reshape(-1).tolist())
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [len(data), len(data) + len(packed)]}
        data += packed
    text = json.dumps(header).encode()
    open(target, "wb").write(struct.pack("<Q", len(text)) + text + data)
