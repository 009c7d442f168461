"""Writes ../resources/torrefy/tensor/golden/ops.txt: what PyTorch says each op's value and gradients are.

    python3 make_golden.py

Needs torch alone (Debian's torch 1.13.1 calls itself 1.13.0a0). PyTorch computes in float64 from inputs that float32 holds exactly, so the numbers in the file are
the true ones, rounded once; whatever a test finds beside them is the error of the library under test.

The file is text, one array a line, values in row-major order:

    case NAME                      begins a case; the Java function of the same name stands in OpCases
    input SHAPE VALUES             an operand that wants a gradient (shape: sizes joined by x, or - for a single number)
    constant SHAPE VALUES          an operand that wants none
    indices SHAPE VALUES           an int32 operand
    output SHAPE VALUES            the value
    dOutput SHAPE VALUES           the gradient that backward starts from
    gradient SHAPE VALUES          one line per `input` line, in the same order

Inputs are multiples of 1/64 and moving one by 1/64 keeps it exact, so that finite differences can be taken at the same
points. Functions with kinks get inputs that lie further from a kink than such a step reaches.
"""

import math
import os
import random

import torch
import torch.nn.functional as F

OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../resources/torrefy/tensor/golden/ops.txt")
lines = [f"# Made by make_golden.py with torch {torch.__version__}, computed in float64."]
generator = random.Random()  # seeded anew for each case: a case does not depend on the ones before it


class Operand:
    """How to draw one operand, as the kind of its line in the file says."""

    def __init__(self, kind, shape, draw):
        self.kind, self.shape, self.draw = kind, shape, draw

    def tensor(self):
        count = math.prod(self.shape)
        if self.kind == "indices":
            return torch.tensor([self.draw(i) for i in range(count)], dtype=torch.int64).reshape(self.shape)
        values = torch.tensor([self.draw(i) for i in range(count)], dtype=torch.float64).reshape(self.shape)
        return values.requires_grad_(self.kind == "input")


def values(*shape):
    """Multiples of 1/32 in [-2, 2]."""
    return Operand("input", shape, lambda i: generator.randint(-64, 64) / 32)


def positive(*shape):
    """Multiples of 1/32 in [1/2, 5/2]."""
    return Operand("input", shape, lambda i: generator.randint(16, 80) / 32)


def apart(*shape):
    """Odd multiples of 1/8: none is near 0, nor near a multiple of 1/4."""
    return Operand("input", shape, lambda i: generator.randrange(-15, 16, 2) / 8)


def quarters(*shape):
    """Multiples of 1/4: none is near an odd multiple of 1/8."""
    return Operand("input", shape, lambda i: generator.randint(-7, 7) / 4)


def distinct(*shape):
    """All different, at least 1/8 from each other."""
    order = {}

    def draw(i):
        if i == 0:
            count = math.prod(shape)
            order["is"] = generator.sample(range(count), count)
        return (order["is"][i] - len(order["is"]) // 2) / 8

    return Operand("input", shape, draw)


def exactly(shape, *listed):
    return Operand("input", shape, lambda i: listed[i])


def constant(shape, *listed):
    return Operand("constant", shape, lambda i: listed[i])


def indices(shape, *listed):
    return Operand("indices", shape, lambda i: listed[i])


def line(kind, tensor):
    flat = tensor.detach().reshape(-1).tolist()
    shape = "x".join(str(size) for size in tensor.shape) or "-"
    text = " ".join(str(v) for v in flat) if kind == "indices" else " ".join("%.9g" % v for v in flat)
    lines.append(f"{kind} {shape} {text}".rstrip())


def case(name, function, *operands):
    generator.seed(name)
    tensors = [operand.tensor() for operand in operands]
    output = function(*tensors)
    d_output = torch.tensor(
        [generator.choice([-1, 1]) * generator.randint(8, 64) / 32 for _ in range(output.numel())],
        dtype=torch.float64,
    ).reshape(output.shape)
    output.backward(d_output)
    lines.append(f"case {name}")
    for operand, tensor in zip(operands, tensors):
        line(operand.kind, tensor)
    line("output", output)
    line("dOutput", d_output)
    for operand, tensor in zip(operands, tensors):
        if operand.kind == "input":
            line("gradient", torch.zeros_like(tensor) if tensor.grad is None else tensor.grad)


# ---------------------------------------------------------------------------------------------------------- arithmetic

case("add", lambda a, b: a + b, values(2, 3), values(2, 3))
case("add, broadcast", lambda a, b: a + b, values(4, 1, 3), values(2, 1))
case("add, a single number", lambda a, b: a + b, values(), values(2, 3))
case("add, a tensor to itself", lambda a: a + a, values(7))
case("subtract, broadcast", lambda a, b: a - b, values(2, 3), values(3))
case("subtract, a tensor from itself", lambda a: a - a, values(7))
case("multiply, broadcast", lambda a, b: a * b, values(2, 1, 3), values(4, 1))
case("multiply, a tensor by itself", lambda a: a * a, values(13))
case("divide, broadcast", lambda a, b: a / b, values(2, 3), positive(2, 1))
case("divide, a tensor by its square", lambda a: a / (a * a), positive(7))
case("affine", lambda a: a * 2.5 - 0.75, values(7))
case("divide by a number", lambda a: a / 3, values(7))
case("power, tensors, broadcast", lambda a, b: a**b, positive(2, 3), values(3))
case("power, a tensor to itself", lambda a: a**a, positive(7))
case("power, cube of either sign", lambda a: a**3, values(13))
case("power, inverse root", lambda a: a**-0.5, positive(7))
case(
    "power, at zero",  # base 0, exponent 0, both
    lambda a, b: a**b,
    exactly((6,), 0, 0, 0, 2, 0.5, -2),
    constant((6,), 0, 1, 2, 0, 0, 2),
)
case("power, exponents at base zero", lambda a, b: a**b, constant((4,), 0, 0, 2, 1), exactly((4,), 1, 2, 0, 3))
case("maximum, broadcast", lambda a, b: torch.maximum(a, b), apart(2, 3), quarters(3))
case("minimum, broadcast", lambda a, b: torch.minimum(a, b), apart(2, 1, 3), quarters(4, 1))
case("maximum, ties", lambda a, b: torch.maximum(a, b), exactly((4,), 1, 2, -1, 0), exactly((4,), 1, 0, -1, 3))
case("minimum, ties", lambda a, b: torch.minimum(a, b), exactly((4,), 1, 2, -1, 0), exactly((4,), 1, 0, -1, 3))
case(
    "where, broadcast",
    lambda c, a, b: torch.where(c != 0, a, b),
    constant((3,), 1, 0, 1),
    values(2, 3),
    values(2, 1),
)
case("two branches", lambda a: a.exp() * a.tanh() + a, values(13))
case("two branches of a computed tensor", lambda a: (a * 2).exp() * (a * 2 + 1), apart(13))

# --------------------------------------------------------------------------------------------------------------- unary

case("negate", lambda a: -a, values(31))
case("exp", lambda a: a.exp(), values(31))
case("log", lambda a: a.log(), positive(31))
case("sqrt", lambda a: a.sqrt(), positive(31))
case("reciprocal", lambda a: a.reciprocal(), positive(31))
case("abs", lambda a: a.abs(), apart(31))
case("tanh", lambda a: a.tanh(), values(31))
case("sigmoid", lambda a: a.sigmoid(), values(31))
case("relu", lambda a: a.relu(), apart(31))
case("relu, at zero", lambda a: a.relu(), exactly((3,), 0, 1, -1))
case("gelu, tanh form", lambda a: F.gelu(a, approximate="tanh"), values(31))
case("gelu, erf form", lambda a: F.gelu(a), values(31))
case("silu", lambda a: F.silu(a), values(31))
case("exp of a transposed view", lambda a: a.t().exp(), values(3, 5))
case("gelu of a sliced view", lambda a: F.gelu(a[:, 1:4], approximate="tanh"), values(3, 5))
case(
    "saturated, far from zero",  # functions that overflow when computed carelessly
    lambda a: a.tanh() + a.sigmoid() + F.gelu(a, approximate="tanh") + F.gelu(a) + F.silu(a),
    exactly((8,), -100, -30, -12, -6, 6, 12, 30, 100),
)

# ---------------------------------------------------------------------------------------------------------- reductions

case("sum over the middle axis", lambda a: a.sum(1), values(2, 3, 4))
case("sum over two axes", lambda a: a.sum((0, 2)), values(2, 3, 4))
case("sum over all", lambda a: a.sum(), values(3, 7))
case("sum of a permuted view", lambda a: a.permute(2, 0, 1).sum(0), values(2, 3, 4))
case("sum of an expanded view", lambda a: a.expand(4, 3).sum(1), values(1, 3))
case("mean over the innermost axis", lambda a: a.mean(-1), values(3, 7))
case("mean over all", lambda a: a.mean(), values(3, 7))
case("max over the innermost axis", lambda a: a.amax(-1), distinct(3, 7))
case("max over two axes", lambda a: a.amax((0, 2)), distinct(2, 3, 4))
case("max over all", lambda a: a.amax(), distinct(3, 7))
case("max, ties", lambda a: a.amax(1), exactly((2, 4), 1, 3, 3, 0, -1, -1, -1, -1))
case("variance over the innermost axis", lambda a: a.var(-1, unbiased=False), values(3, 7))
case("variance over all", lambda a: a.var(unbiased=False), values(3, 7))

# ------------------------------------------------------------------------------------------------------------ matrices

case("matmul", lambda a, b: a @ b, values(5, 7), values(7, 3))
case("matmul, one row", lambda a, b: a @ b, values(1, 13), values(13, 1))
case("matmul, batched", lambda a, b: a @ b, values(2, 5, 4), values(2, 4, 3))
case("matmul, broadcast batch", lambda a, b: a @ b, values(3, 1, 2, 4), values(2, 4, 3))
case("matmul, one matrix for the batch", lambda a, b: a @ b, values(3, 2, 4), values(4, 5))
case("matmul, left transposed", lambda a, b: a.transpose(-2, -1) @ b, values(2, 4, 5), values(2, 4, 3))
case("matmul, right transposed", lambda a, b: a @ b.transpose(-2, -1), values(2, 5, 4), values(2, 3, 4))
case("matmul, both transposed", lambda a, b: a.t() @ b.t(), values(4, 5), values(3, 4))
case(
    "matmul, broadcast batch, right transposed",
    lambda a, b: a @ b.transpose(-2, -1),
    values(3, 1, 2, 4),
    values(2, 3, 4),
)
case("matmul, a matrix by its transpose", lambda a: a @ a.t(), values(3, 5))
case("matmul, no unit stride", lambda a, b: a.permute(2, 0, 1) @ b, values(2, 3, 4), values(3, 5))
case("matmul, expanded batch", lambda a, b: a.expand(3, 2, 4) @ b, values(1, 2, 4), values(3, 4, 2))
case("linear", lambda a, w, b: a @ w + b, values(2, 3, 5), values(5, 4), values(4))
case("linear without bias", lambda a, w: a @ w, values(3, 5), values(5, 4))
case("linear, transposed weight", lambda a, w: a @ w.t(), values(3, 5), values(4, 5))
case("linear of a permuted view", lambda a, w, b: a.permute(1, 0, 2) @ w + b, values(2, 3, 5), values(5, 4), values(4))
case("linear, strided weight and bias", lambda a, w, b: a @ w[:, :, 1] + b[:, 0], values(3, 5), values(5, 4, 2), values(4, 2))

# --------------------------------------------------------------------------------------------------------------- shape

case("reshape", lambda a: a.reshape(4, 6) * 2, values(2, 3, 4))
case("reshape of a transposed view", lambda a: a.t().reshape(2, 10), values(5, 4))
case("permute", lambda a: a.permute(2, 0, 1).exp(), values(2, 3, 4))
case("permute, negative axes", lambda a: a.permute(-1, 0, -2).exp(), values(2, 3, 4))
case("transpose", lambda a: a.transpose(0, -1) * 3, values(2, 3, 4))
case("slice of the middle axis", lambda a: a[:, 1:3].exp(), values(2, 4, 3))
case("slices that overlap", lambda a: a[0:3] * a[1:4], values(4, 3))
case("split", lambda a: a[:, 0:2] * a[:, 2:4] + a[:, 4:6].exp(), values(3, 6))
case("expand", lambda a: a.expand(2, 3, 4) * 2, values(3, 1))
case("copy of a transposed view", lambda a: a.t().contiguous() * 2, values(3, 5))
case("concat", lambda a, b, c: torch.cat([a, b, c, a], 1), values(2, 1, 3), values(2, 4, 3), values(2, 2, 3))
case("concat of views", lambda a, b: torch.cat([a.t(), b[1:]], 0), values(3, 2), values(4, 3))

# ------------------------------------------------------------------------------------------------------------ indexing

case("embedding, repeated ids", lambda t, i: F.embedding(i, t), values(5, 3), indices((2, 4), 1, 4, 1, 0, 1, 4, 2, 1))
case(
    "embedding, sliced ids",
    lambda t, i: F.embedding(i[:, 1:], t),
    values(5, 3),
    indices((2, 4), 1, 4, 1, 0, 3, 4, 2, 1),
)
case("gather, first axis", lambda a, i: a.gather(0, i), values(4, 3), indices((2, 3), 3, 1, 0, 3, 2, 0))
case(
    "gather, middle axis",
    lambda a, i: a.gather(1, i),
    values(2, 3, 2),
    indices((2, 4, 2), 0, 1, 2, 2, 0, 1, 0, 0, 1, 0, 2, 1, 2, 1, 0, 2),
)
case("gather, innermost axis of a view", lambda a, i: a.t().gather(-1, i), values(4, 3), indices((3, 1), 3, 0, 3))
case(
    "scatter-add, middle axis",
    lambda a, s, i: a.scatter_add(1, i, s),
    values(2, 3, 2),
    values(2, 4, 2),
    indices((2, 4, 2), 0, 1, 2, 2, 0, 1, 0, 0, 1, 0, 2, 1, 2, 1, 0, 2),
)
case("scatter-add of a view", lambda a, s, i: a.scatter_add(0, i, s.t()), values(4, 3), values(3, 2), indices((2, 3), 3, 1, 0, 3, 2, 0))

# ------------------------------------------------------------------------------------------------------------ networks


def rms_norm(x, weight, epsilon):
    return x * torch.rsqrt((x * x).mean(-1, keepdim=True) + epsilon) * weight


def rotate_halves(x, cos, sin):
    first, second = x.chunk(2, -1)
    return torch.cat([first * cos - second * sin, first * sin + second * cos], -1)


def rotate_neighbours(x, cos, sin):
    even, odd = x[..., 0::2], x[..., 1::2]
    return torch.stack([even * cos - odd * sin, even * sin + odd * cos], -1).flatten(-2)


def attention(q, k, v):
    t, s = q.shape[-2], k.shape[-2]
    scores = q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])
    blind = torch.ones(t, s, dtype=torch.bool).triu(s - t + 1)
    return scores.masked_fill(blind, -math.inf).softmax(-1) @ v


def heads(x, count):
    return x.reshape(x.shape[0], x.shape[1], count, -1).transpose(1, 2)


def attention_of_groups(q, k, v):
    group = q.shape[1] // k.shape[1]
    return attention(q, k.repeat_interleave(group, 1), v.repeat_interleave(group, 1))


def attention_of_one_projection(x):
    q, k, v = x.split(x.shape[-1] // 3, -1)
    return attention(heads(q, 2), heads(k, 2), heads(v, 2)).transpose(1, 2).reshape(2, 3, 4)


def feed_forward(x, w1, b1, w2):
    return F.gelu(x @ w1 + b1, approximate="tanh") @ w2


def angles(t, pairs):
    """cos and sin tables, rounded to float32 as the file holds them."""
    turns = torch.tensor([[p * 100.0 ** (-i / pairs) for i in range(pairs)] for p in range(t)])
    return [constant((t, pairs), *f(turns).float().double().reshape(-1).tolist()) for f in (torch.cos, torch.sin)]


case("softmax", lambda a: a.softmax(-1), values(3, 7))
case("softmax of a transposed view", lambda a: a.t().softmax(-1), values(5, 3))
case("softmax, large numbers", lambda a: a.softmax(-1), exactly((2, 3), 100, 101, 99, -1000, -1001, -999))
case("log-softmax", lambda a: a.log_softmax(-1), values(3, 7))
case("log-softmax of a transposed view", lambda a: a.t().log_softmax(-1), values(5, 3))
case("layer norm", lambda x, w, b: F.layer_norm(x, (7,), w, b, 1e-5), values(2, 3, 7), values(7), values(7))
case("layer norm of a view", lambda x, w, b: F.layer_norm(x.t(), (5,), w, b, 1e-5), values(5, 3), values(5), values(5))
case(
    "layer norm, strided weight and bias",
    lambda x, w, b: F.layer_norm(x, (5,), w[:, 1], b[:, 0], 1e-5),
    values(3, 5),
    values(5, 2),
    values(5, 2),
)
case("rms norm", lambda x, w: rms_norm(x, w, 1e-6), values(2, 3, 7), values(7))
case("rms norm of a view, strided weight", lambda x, w: rms_norm(x.t(), w[:, 1], 1e-6), values(5, 3), values(5, 2))
case("rotary, halves", rotate_halves, values(2, 2, 3, 8), *angles(3, 4))
case("rotary, neighbours", rotate_neighbours, values(2, 2, 3, 8), *angles(3, 4))
case("rotary of a permuted view", lambda x, c, s: rotate_halves(x.transpose(1, 2), c, s), values(2, 3, 2, 4), *angles(3, 2))
case("causal attention", attention, values(2, 2, 5, 4), values(2, 2, 5, 4), values(2, 2, 5, 4))
case("causal attention, fewer queries than keys", attention, values(1, 2, 2, 4), values(1, 2, 5, 4), values(1, 2, 5, 4))
case("causal attention, one query", attention, values(1, 2, 1, 3), values(1, 2, 7, 3), values(1, 2, 7, 3))
case("causal attention, grouped heads", attention_of_groups, values(2, 4, 3, 4), values(2, 2, 5, 4), values(2, 2, 5, 4))
case("causal attention, one head of keys", attention_of_groups, values(2, 3, 5, 2), values(2, 1, 5, 2), values(2, 1, 5, 2))
case("causal attention of one projection", attention_of_one_projection, values(2, 3, 12))
case("causal attention of a tensor to itself", lambda x: attention(x, x, x), values(1, 2, 3, 4))
case("cross-entropy", lambda a, t: F.cross_entropy(a, t), values(3, 7), indices((3,), 6, 0, 3))
case(
    "cross-entropy, ignored targets",
    lambda a, t: F.cross_entropy(a.reshape(6, 5), t.reshape(6), ignore_index=-1),
    values(2, 3, 5),
    indices((2, 3), 4, -1, 0, 2, -1, 2),
)
case(
    "cross-entropy, sliced targets",
    lambda a, t: F.cross_entropy(a.reshape(6, 5), t[:, 1:].reshape(6)),
    values(2, 3, 5),
    indices((2, 4), 0, 4, 1, 0, 3, 2, 4, 2),
)
case(
    "head cross-entropy, ignored targets",
    lambda x, w, t: F.cross_entropy((x @ w.t()).reshape(6, 5), t.reshape(6), ignore_index=-1),
    values(2, 3, 4),
    values(5, 4),
    indices((2, 3), 4, -1, 0, 2, -1, 2),
)
case(
    "head cross-entropy, strided head",
    lambda x, w, t: F.cross_entropy(x @ w[:, :, 1].t(), t),
    values(3, 4),
    values(5, 4, 2),
    indices((3,), 4, 0, 2),
)
case(
    "gated feed-forward",
    lambda x, gate, up, down: (F.silu(x @ gate) * (x @ up)) @ down,
    values(2, 3, 4),
    values(4, 5),
    values(4, 5),
    values(5, 3),
)
case("recomputation", feed_forward, values(2, 5), values(5, 3), values(3), values(3, 4))

with open(OUT, "w") as file:
    file.write("\n".join(lines) + "\n")
print(f"torch {torch.__version__}: {sum(l.startswith('case') for l in lines)} cases, {os.path.getsize(OUT)} bytes")
