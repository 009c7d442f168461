package torrefy.tensor.op;

import static torrefy.tensor.op.OpCase.many;
import static torrefy.tensor.op.OpCase.one;
import static torrefy.tensor.op.OpCase.own;
import static torrefy.tensor.op.OpCase.sameAs;
import static torrefy.tensor.op.OpCase.three;
import static torrefy.tensor.op.OpCase.two;

import java.util.List;
import java.util.stream.Stream;
import torrefy.core.backend.RotaryKernels.Pairing;
import torrefy.core.backend.UnaryFunction;
import torrefy.core.memory.DataType;
import torrefy.core.random.RandomKey;
import torrefy.core.shape.Shape;
import torrefy.tensor.GradientMode;
import torrefy.tensor.Gradients;
import torrefy.tensor.Segments;
import torrefy.tensor.Tensor;

/// Every function whose value or gradient is proved, beside the operands at which it is.
final class OpCases {

    private static final RandomKey KEY = RandomKey.of(7);

    private OpCases() {}

    static List<OpCase> all() {
        return Stream.of(
                        arithmetic(),
                        unary(),
                        reductions(),
                        matrices(),
                        shape(),
                        indexing(),
                        networks(),
                        withoutCounterpart())
                .flatMap(List::stream)
                .toList();
    }

    private static List<OpCase> arithmetic() {
        return List.of(
                two("add", Tensor::add),
                two("add, broadcast", Tensor::add),
                two("add, a single number", Tensor::add),
                one("add, a tensor to itself", a -> a.add(a)),
                two("subtract, broadcast", Tensor::subtract),
                one("subtract, a tensor from itself", a -> a.subtract(a)),
                two("multiply, broadcast", Tensor::multiply),
                one("multiply, a tensor by itself", a -> a.multiply(a)),
                two("divide, broadcast", Tensor::divide),
                one("divide, a tensor by its square", a -> a.divide(a.multiply(a))),
                one("affine", a -> a.multiply(2.5f).subtract(0.75f)),
                one("divide by a number", a -> a.divide(3)),
                two("power, tensors, broadcast", Tensor::pow),
                one("power, a tensor to itself", a -> a.pow(a)),
                one("power, cube of either sign", a -> a.pow(3)),
                one("power, inverse root", a -> a.pow(-0.5f)),
                two("power, at zero", Tensor::pow).kinked(),
                two("power, exponents at base zero", Tensor::pow).kinked(),
                two("maximum, broadcast", Tensor::maximum),
                two("minimum, broadcast", Tensor::minimum),
                two("maximum, ties", Tensor::maximum).kinked(),
                two("minimum, ties", Tensor::minimum).kinked(),
                three("where, broadcast", Tensor::where),
                one("two branches", a -> a.exp().multiply(a.tanh()).add(a)),
                one("two branches of a computed tensor", a -> {
                    Tensor twice = a.multiply(2);
                    return twice.exp().multiply(twice.add(1));
                }));
    }

    private static List<OpCase> unary() {
        return List.of(
                one("negate", Tensor::negate),
                one("exp", Tensor::exp),
                one("log", Tensor::log),
                one("sqrt", Tensor::sqrt),
                one("reciprocal", Tensor::reciprocal),
                one("abs", Tensor::abs),
                one("tanh", Tensor::tanh),
                one("sigmoid", Tensor::sigmoid),
                one("relu", Tensor::relu),
                one("relu, at zero", Tensor::relu).kinked(),
                one("gelu, tanh form", Tensor::gelu),
                one("gelu, erf form", Tensor::geluErf),
                one("silu", Tensor::silu),
                one("exp of a transposed view", a -> a.transpose(0, 1).exp()),
                one("gelu of a sliced view", a -> a.slice(1, 1, 4).gelu()),
                one(
                        "saturated, far from zero",
                        a -> a.tanh()
                                .add(a.sigmoid())
                                .add(a.gelu())
                                .add(a.geluErf())
                                .add(a.silu())));
    }

    private static List<OpCase> reductions() {
        return List.of(
                one("sum over the middle axis", a -> a.sum(1)),
                one("sum over two axes", a -> a.sum(0, 2)),
                one("sum over all", Tensor::sum),
                one("sum of a permuted view", a -> a.permute(2, 0, 1).sum(0)),
                one("sum of an expanded view", a -> a.expand(4, 3).sum(1)),
                one("mean over the innermost axis", a -> a.mean(-1)),
                one("mean over all", Tensor::mean),
                one("max over the innermost axis", a -> a.max(-1)),
                one("max over two axes", a -> a.max(0, 2)),
                one("max over all", Tensor::max),
                one("max, ties", a -> a.max(1)).kinked(),
                one("variance over the innermost axis", a -> a.variance(-1)),
                one("variance over all", Tensor::variance));
    }

    private static List<OpCase> matrices() {
        return List.of(
                two("matmul", Tensor::matmul),
                two("matmul, one row", Tensor::matmul),
                two("matmul, batched", Tensor::matmul),
                two("matmul, broadcast batch", Tensor::matmul),
                two("matmul, one matrix for the batch", Tensor::matmul),
                two("matmul, left transposed", (a, b) -> a.transpose(-2, -1).matmul(b)),
                two("matmul, right transposed", (a, b) -> a.matmul(b.transpose(-2, -1))),
                two("matmul, both transposed", (a, b) -> a.transpose(0, 1).matmul(b.transpose(0, 1))),
                two("matmul, broadcast batch, right transposed", (a, b) -> a.matmul(b.transpose(-2, -1))),
                one("matmul, a matrix by its transpose", a -> a.matmul(a.transpose(0, 1))),
                two("matmul, no unit stride", (a, b) -> a.permute(2, 0, 1).matmul(b)),
                two("matmul, expanded batch", (a, b) -> a.expand(3, 2, 4).matmul(b)),
                three("linear", Tensor::linear),
                two("linear without bias", (a, w) -> a.linear(w, null)),
                two("linear, transposed weight", (a, w) -> a.linear(w.transpose(0, 1), null)),
                three(
                        "linear of a permuted view",
                        (a, w, b) -> a.permute(1, 0, 2).linear(w, b)),
                three(
                        "linear, strided weight and bias",
                        (a, w, b) -> a.linear(w.slice(2, 1, 2).reshape(5, 4), column(b, 0))));
    }

    private static List<OpCase> shape() {
        return List.of(
                one("reshape", a -> a.reshape(4, 6).multiply(2)),
                one("reshape of a transposed view", a -> a.transpose(0, 1).reshape(2, 10)),
                one("permute", a -> a.permute(2, 0, 1).exp()),
                one("permute, negative axes", a -> a.permute(-1, 0, -2).exp()),
                one("transpose", a -> a.transpose(0, -1).multiply(3)),
                one("slice of the middle axis", a -> a.slice(1, 1, 3).exp()),
                one("slices that overlap", a -> a.slice(0, 0, 3).multiply(a.slice(0, 1, 4))),
                one("split", a -> {
                    List<Tensor> parts = a.split(-1, 3);
                    return parts.get(0).multiply(parts.get(1)).add(parts.get(2).exp());
                }),
                one("expand", a -> a.expand(2, 3, 4).multiply(2)),
                one(
                        "copy of a transposed view",
                        a -> a.transpose(0, 1).contiguous().multiply(2)),
                three("concat", (a, b, c) -> Tensor.concat(1, a, b, c, a)),
                two("concat of views", (a, b) -> Tensor.concat(0, a.transpose(0, 1), b.slice(0, 1, 4))));
    }

    private static List<OpCase> indexing() {
        return List.of(
                two("embedding, repeated ids", Tensor::embedding),
                two("embedding, sliced ids", (table, ids) -> table.embedding(ids.slice(1, 1, 4))),
                two("gather, first axis", (a, at) -> a.gather(0, at)),
                two("gather, middle axis", (a, at) -> a.gather(1, at)),
                two(
                        "gather, innermost axis of a view",
                        (a, at) -> a.transpose(0, 1).gather(-1, at)),
                three("scatter-add, middle axis", (a, source, at) -> a.scatterAdd(1, at, source)),
                three("scatter-add of a view", (a, source, at) -> a.scatterAdd(0, at, source.transpose(0, 1))));
    }

    private static List<OpCase> networks() {
        return List.of(
                one("softmax", Tensor::softmax),
                one("softmax of a transposed view", a -> a.transpose(0, 1).softmax()),
                one("softmax, large numbers", Tensor::softmax),
                one("log-softmax", Tensor::logSoftmax),
                one("log-softmax of a transposed view", a -> a.transpose(0, 1).logSoftmax()),
                three("layer norm", (x, w, b) -> x.layerNorm(w, b, 1e-5f)),
                three("layer norm of a view", (x, w, b) -> x.transpose(0, 1).layerNorm(w, b, 1e-5f)),
                three(
                        "layer norm, strided weight and bias",
                        (x, w, b) -> x.layerNorm(column(w, 1), column(b, 0), 1e-5f)),
                two("rms norm", (x, w) -> x.rmsNorm(w, 1e-6f)),
                two(
                        "rms norm of a view, strided weight",
                        (x, w) -> x.transpose(0, 1).rmsNorm(column(w, 1), 1e-6f)),
                three("rotary, halves", (x, cos, sin) -> x.rotary(cos, sin, Pairing.HALVES)),
                three("rotary, neighbours", (x, cos, sin) -> x.rotary(cos, sin, Pairing.NEIGHBOURS)),
                three(
                        "rotary of a permuted view",
                        (x, cos, sin) -> x.transpose(1, 2).rotary(cos, sin, Pairing.HALVES)),
                three("causal attention", Tensor::causalAttention),
                three("causal attention, fewer queries than keys", Tensor::causalAttention),
                three("causal attention, one query", Tensor::causalAttention),
                three("causal attention, grouped heads", Tensor::causalAttention),
                three("causal attention, one head of keys", Tensor::causalAttention),
                one("causal attention of one projection", x -> {
                    List<Tensor> qkv = x.split(-1, 3).stream()
                            .map(part -> part.reshape(2, 3, 2, 2).transpose(1, 2))
                            .toList();
                    return qkv.get(0)
                            .causalAttention(qkv.get(1), qkv.get(2))
                            .transpose(1, 2)
                            .reshape(2, 3, 4);
                }),
                sameAs(
                        "causal attention of one projection",
                        "self-attention",
                        in -> in.get(0).selfAttention(2)),
                one("causal attention of a tensor to itself", x -> x.causalAttention(x, x)),
                two("cross-entropy", (logits, targets) -> logits.crossEntropy(targets, -1)),
                two("cross-entropy, ignored targets", (logits, targets) -> logits.crossEntropy(targets, -1)),
                two(
                        "cross-entropy, sliced targets",
                        (logits, targets) -> logits.crossEntropy(targets.slice(1, 1, 4), -1)),
                three(
                        "head cross-entropy, ignored targets",
                        (x, head, targets) -> x.headCrossEntropy(head, targets, -1)),
                three(
                        "head cross-entropy, strided head",
                        (x, w, targets) -> x.headCrossEntropy(w.slice(2, 1, 2).reshape(5, 4), targets, -1)),
                many(
                        "gated feed-forward",
                        in -> in.get(0)
                                .gatedFeedForward(
                                        in.get(1), null, in.get(2), null, UnaryFunction.SILU, in.get(3), null, null)),
                many(
                        "recomputation",
                        in -> Recomputation.apply(
                                again -> again.get(0)
                                        .linear(again.get(1), again.get(2))
                                        .gelu()
                                        .matmul(again.get(3)),
                                in.toArray(Tensor[]::new))),
                sameAs(
                        "recomputation",
                        "feed-forward",
                        in -> in.get(0)
                                .feedForward(in.get(1), in.get(2), UnaryFunction.GELU_TANH, in.get(3), null, null)));
    }

    /// Cases that have no counterpart in PyTorch.
    private static List<OpCase> withoutCounterpart() {
        Operand row = Operand.input(Shape.of(7), 0.5f, -1, 0.25f, 2, -0.5f, 1.5f, -2);
        Operand matrix = Operand.input(Shape.of(2, 3), 0.5f, -1, 0.25f, 2, -0.5f, 1.5f);
        return Stream.concat(
                        fused(),
                        Stream.of(
                                own("dropout", in -> in.get(0).dropout(0.5f, KEY), row),
                                own(
                                        "dropout of a transposed view",
                                        in -> in.get(0).transpose(0, 1).dropout(0.25f, KEY),
                                        matrix),
                                own(
                                        "recomputation with dropout",
                                        in -> Recomputation.apply(
                                                again -> again.get(0).exp().dropout(0.5f, KEY), in.get(0)),
                                        row),
                                own(
                                        "conversion to the same type",
                                        in -> Convert.apply(in.get(0), DataType.F32),
                                        matrix),
                                own("custom op", in -> Cube.apply(in.get(0)), row)))
                .toList();
    }

    /// Maps with a residual, whose operands are the same numbers in PyTorch's cases of the maps without.
    private static Stream<OpCase> fused() {
        Operand x = drawn("x", 2, 3, 4);
        Operand up = drawn("up", 4, 5);
        Operand upBias = drawn("upBias", 5);
        Operand awayFromKink = Operand.input(Shape.of(5), 4.5f, -4.5f, 5, -5, 4.25f);
        Operand down = drawn("down", 5, 3);
        Operand downBias = drawn("downBias", 3);
        Operand residual = drawn("residual", 2, 3, 3);
        Stream<OpCase> linear = Stream.of(
                own(
                        "linear with a residual",
                        in -> in.get(0).linear(in.get(1), in.get(2), in.get(3)),
                        x,
                        drawn("weight", 4, 3),
                        downBias,
                        residual),
                own(
                        "linear with a permuted residual, no bias",
                        in -> in.get(0).linear(in.get(1), null, in.get(2).permute(1, 2, 0)),
                        x,
                        drawn("weight", 4, 3),
                        drawn("residual", 3, 2, 3)),
                own(
                        "linear, its input the residual",
                        in -> in.get(0).linear(in.get(1), null, in.get(0)),
                        x,
                        drawn("square", 4, 4)),
                own(
                        "feed-forward of a permuted view to itself",
                        in -> {
                            Tensor view = in.get(0).permute(1, 0, 2);
                            return view.feedForward(
                                    in.get(1),
                                    null,
                                    UnaryFunction.SILU,
                                    in.get(1).transpose(0, 1),
                                    null,
                                    view);
                        },
                        x,
                        up),
                own(
                        "gated feed-forward, with biases and a residual",
                        in -> in.get(0)
                                .gatedFeedForward(
                                        in.get(1),
                                        in.get(2),
                                        in.get(3),
                                        in.get(4),
                                        UnaryFunction.GELU_TANH,
                                        in.get(5),
                                        in.get(6),
                                        in.get(7)),
                        x,
                        drawn("gate", 4, 5),
                        drawn("gateBias", 5),
                        up,
                        upBias,
                        down,
                        downBias,
                        residual),
                own(
                        "gated feed-forward of a permuted view to itself, one map for both",
                        in -> {
                            Tensor view = in.get(0).permute(1, 0, 2);
                            Tensor map = in.get(1);
                            return view.gatedFeedForward(
                                    map, null, map, null, UnaryFunction.SILU, map.transpose(0, 1), null, view);
                        },
                        x,
                        up),
                own(
                        "self-attention of a permuted view, added to itself",
                        in -> {
                            Tensor packed = in.get(0).permute(1, 0, 2);
                            return packed.selfAttention(2).add(packed.slice(2, 4, 8));
                        },
                        drawn("packed", 3, 2, 12)),
                own(
                        "self-attention within segments",
                        in -> in.get(0).selfAttention(2, Segments.before(0, new int[] {1, 0, 1, 1, 1, 0}, 2, 3)),
                        drawn("packed", 2, 3, 12)),
                own(
                        "causal attention within segments, grouped heads",
                        in -> in.get(0)
                                .causalAttention(
                                        in.get(1),
                                        in.get(2),
                                        Segments.before(0, new int[] {1, 1, 1, 0, 0, 0, 1, 0}, 2, 4)),
                        drawn("queries", 2, 4, 4, 2),
                        drawn("keys", 2, 2, 4, 2),
                        drawn("values", 2, 2, 4, 2)));
        return Stream.concat(
                linear,
                Stream.of(UnaryFunction.GELU_TANH, UnaryFunction.GELU_ERF, UnaryFunction.SILU, UnaryFunction.RELU)
                        .map(f -> own(
                                "feed-forward, " + f,
                                in -> in.get(0).feedForward(in.get(1), in.get(2), f, in.get(3), in.get(4), in.get(5)),
                                x,
                                up,
                                f == UnaryFunction.RELU ? awayFromKink : upBias,
                                down,
                                downBias,
                                residual)));
    }

    /// Odd multiples of 1/64 between −1 and 1, so that finite differences are exact in their points.
    private static Operand drawn(String name, int... shape) {
        float[] values = new float[Shape.of(shape).elements()];
        int[] words = new int[4];
        for (int i = 0; i < values.length; i++) {
            KEY.derive(name).words(i, words, 0);
            values[i] = (2 * (words[0] & 63) - 63) / 64f;
        }
        return Operand.input(Shape.of(shape), values);
    }

    /// x³, as a user of the library would add it.
    record Cube(Tensor in) implements CustomOp {

        static Tensor apply(Tensor in) {
            Tensor out = GradientMode.off(() -> in.multiply(in).multiply(in));
            return out.madeBy(new Cube(in));
        }

        @Override
        public List<Tensor> inputs() {
            return List.of(in);
        }

        @Override
        public void backward(Tensor dOut, Gradients gradients) {
            gradients.add(in, in.multiply(in).multiply(3).multiply(dOut)); // d(x³) = 3x²
        }
    }

    /// A column of a matrix: a vector whose elements do not lie side by side.
    private static Tensor column(Tensor matrix, int at) {
        return matrix.slice(1, at, at + 1).reshape(matrix.size(0));
    }
}
