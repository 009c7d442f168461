"""Reads a model folder as others would, and prints the loss of a text under it.

    python3 model/src/test/python/read_gpt_folder.py FOLDER ID ID ID …

Each id is predicted from those before it. Needs numpy, Hugging Face's safetensors and transformers (which reads the
configuration; its models need torch, so the model is written out below, in float64). To be compared by eye with what
this library's Evaluator says of the same ids.
"""

import math
import sys

import numpy as np
from safetensors.numpy import load_file
from transformers import AutoConfig

folder, ids = sys.argv[1], np.array([int(text) for text in sys.argv[2:]])
config = AutoConfig.from_pretrained(folder)
w = {name: array.astype(np.float64) for name, array in load_file(f"{folder}/model.safetensors").items()}


def norm(x, name):
    x = x - x.mean(-1, keepdims=True)
    x = x / np.sqrt((x * x).mean(-1, keepdims=True) + config.layer_norm_epsilon)
    return x * w[name + ".weight"] + w[name + ".bias"]


def linear(x, name):
    return x @ w[name + ".weight"] + w[name + ".bias"]


def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def gelu_new(x):
    return 0.5 * x * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))


assert config.model_type == "gpt2" and config.activation_function == "gelu_new" and config.tie_word_embeddings
inputs, targets = ids[:-1], ids[1:]
length, heads, width = len(inputs), config.n_head, config.n_embd
x = w["wte.weight"][inputs] + w["wpe.weight"][:length]
for i in range(config.n_layer):
    q, k, v = (
        part.reshape(length, heads, width // heads).transpose(1, 0, 2)
        for part in np.split(linear(norm(x, f"h.{i}.ln_1"), f"h.{i}.attn.c_attn"), 3, -1)
    )
    scores = q @ k.transpose(0, 2, 1) / math.sqrt(width // heads)
    scores[:, np.triu(np.ones((length, length), bool), 1)] = -np.inf
    x = x + linear((softmax(scores) @ v).transpose(1, 0, 2).reshape(length, width), f"h.{i}.attn.c_proj")
    x = x + linear(gelu_new(linear(norm(x, f"h.{i}.ln_2"), f"h.{i}.mlp.c_fc")), f"h.{i}.mlp.c_proj")
p = softmax(norm(x, "ln_f") @ w["wte.weight"].T)
print(f"{config.architectures}, {sum(a.size for a in w.values())} parameters, end of text {config.eos_token_id}")
print(f"loss {-np.log(p[np.arange(length), targets]).mean():.7f}")
