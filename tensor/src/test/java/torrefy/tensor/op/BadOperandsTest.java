package torrefy.tensor.op;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import torrefy.core.backend.Backend;
import torrefy.core.backend.Backends;
import torrefy.core.backend.RotaryKernels.Pairing;
import torrefy.core.backend.UnaryFunction;
import torrefy.core.memory.DataType;
import torrefy.core.random.RandomKey;
import torrefy.tensor.Columns;
import torrefy.tensor.Tensor;

/// Every check at the public edge: what is wrong, with which shapes, in one line.
class BadOperandsTest {

    private static final Backend BACKEND = Columns.scalar();

    private static Tensor of(int... shape) {
        return Tensor.zeros(BACKEND, shape);
    }

    private static Tensor ids(int... values) {
        return Tensor.of(BACKEND, values);
    }

    @ParameterizedTest
    @MethodSource({"shapes", "indices", "places"})
    void isRefusedInOneLineThatSaysWhy(Executable call, List<String> parts) {
        String message = assertThrows(IllegalArgumentException.class, call).getMessage();
        for (String part : parts) {
            assertTrue(message.contains(part), "'" + part + "' is missing in: " + message);
        }
        assertTrue(!message.contains("\n"), message);
    }

    private static Arguments refused(Executable call, String... parts) {
        return arguments(call, List.of(parts));
    }

    private static Tensor fed(Tensor x, Tensor up, Tensor upBias, Tensor down, Tensor downBias, Tensor residual) {
        return x.feedForward(up, upBias, UnaryFunction.RELU, down, downBias, residual);
    }

    private static Tensor gated(Tensor x, Tensor gate, Tensor up, Tensor down) {
        return x.gatedFeedForward(gate, null, up, null, UnaryFunction.SILU, down, null, null);
    }

    static Stream<Arguments> shapes() {
        Tensor x = of(2, 3);
        return Stream.of(
                refused(() -> x.add(of(4)), "add: shapes (2, 3) and (4) do not fit: 3 against 4"),
                refused(() -> x.subtract(of(3, 3)), "subtract", "(2, 3)", "(3, 3)", "2 against 3"),
                refused(() -> x.multiply(of(2)), "multiply", "(2, 3)", "(2)"),
                refused(() -> x.divide(of(2)), "divide", "(2, 3)", "(2)"),
                refused(() -> x.pow(of(2)), "power", "(2, 3)", "(2)"),
                refused(() -> x.maximum(of(2)), "maximum", "(2, 3)", "(2)"),
                refused(() -> x.minimum(of(2)), "minimum", "(2, 3)", "(2)"),
                refused(() -> x.greater(of(2)), "greater", "(2, 3)", "(2)"),
                refused(() -> x.equalTo(of(2)), "equal", "(2, 3)", "(2)"),
                refused(() -> x.where(of(2), of(3)), "where", "(2)", "(3)"),
                refused(() -> x.where(of(4), of(4)), "where", "(2, 3)", "(4)"),
                refused(() -> x.matmul(of(4, 5)), "matmul: inner sizes differ: (2, 3) x (4, 5)"),
                refused(() -> x.matmul(of(3)), "matmul", "(2, 3)", "(3)"),
                refused(() -> of(2, 1, 3).matmul(of(3, 3, 1)), "matmul", "(2)", "(3)"),
                refused(() -> x.linear(of(4, 5), null), "linear", "(2, 3) x (4, 5)"),
                refused(() -> x.linear(of(3, 5), of(4)), "linear", "(4)", "(3, 5)", "(5)"),
                refused(() -> x.linear(of(3, 5), null, of(2, 3)), "linear", "residual", "(2, 3)", "(2, 5)"),
                refused(() -> fed(x, of(4, 5), null, of(5, 3), null, null), "feedForward", "(2, 3) x (4, 5)"),
                refused(() -> fed(x, of(3, 5), of(4), of(5, 3), null, null), "feedForward", "(4)", "(3, 5)", "(5)"),
                refused(() -> fed(x, of(3, 5), null, of(4, 3), null, null), "feedForward", "(3, 5) x (4, 3)"),
                refused(() -> fed(x, of(3, 5), null, of(5, 3), of(5), null), "feedForward", "(5)", "(5, 3)", "(3)"),
                refused(() -> fed(x, of(3, 5), null, of(5, 7), null, x), "feedForward", "residual", "(2, 3)", "(2, 7)"),
                refused(
                        () -> x.feedForward(of(3, 5), null, UnaryFunction.TANH, of(5, 3), null, null),
                        "feedForward",
                        "GELU_TANH",
                        "got TANH"),
                refused(() -> gated(x, of(4, 5), of(3, 5), of(5, 3)), "gatedFeedForward", "(2, 3) x (4, 5)"),
                refused(() -> gated(x, of(3, 5), of(4, 5), of(5, 3)), "gatedFeedForward", "(2, 3) x (4, 5)"),
                refused(() -> gated(x, of(3, 5), of(3, 4), of(5, 3)), "gatedFeedForward", "(3, 5)", "(3, 4)"),
                refused(() -> gated(x, of(3, 5), of(3, 5), of(4, 3)), "gatedFeedForward", "(3, 5) x (4, 3)"),
                refused(
                        () -> x.gatedFeedForward(of(3, 5), null, of(3, 5), null, UnaryFunction.ABS, of(5, 3), null, x),
                        "gatedFeedForward",
                        "GELU_TANH",
                        "got ABS"),
                refused(() -> x.selfAttention(1), "selfAttention", "(B, T, 3C)", "(2, 3)"),
                refused(() -> of(2, 3, 12).selfAttention(3), "selfAttention", "3 heads", "(2, 3, 12)"),
                refused(() -> x.reshape(4, 2), "reshape", "(2, 3)", "(4, 2)"),
                refused(() -> x.expand(4, 3), "expand", "(2, 3)", "(4, 3)"),
                refused(() -> x.permute(0), "permute", "(2, 3)"),
                refused(() -> x.permute(0, 0), "permute", "twice", "(2, 3)"),
                refused(() -> x.transpose(0, 2), "axis 2", "(2, 3)"),
                refused(() -> x.slice(1, 2, 4), "slice: 2 to 4", "axis 1", "(2, 3)"),
                refused(() -> x.slice(0, 1, 0), "slice: 1 to 0", "(2, 3)"),
                refused(() -> x.split(1, 2), "split", "axis 1", "(2, 3)", "2 parts"),
                refused(() -> Tensor.concat(0, x, of(2, 4)), "concat along axis 0", "(2, 3)", "(2, 4)"),
                refused(() -> Tensor.concat(0), "concat: no parts"),
                refused(() -> x.sum(2), "axis 2", "(2, 3)"),
                refused(() -> of(2, 0).max(), "max", "(2, 0)"),
                refused(() -> Tensor.scalar(BACKEND, 1).softmax(), "()"),
                refused(() -> x.layerNorm(of(2), of(3), 1e-5f), "layerNorm", "(2, 3)", "weight (2)", "bias (3)"),
                refused(() -> x.rmsNorm(of(2), 1e-5f), "rmsNorm", "(2, 3)", "weight (2)"),
                refused(() -> x.rotary(of(2, 1), of(2, 1), Pairing.HALVES), "rotary", "even", "(2, 3)"),
                refused(() -> of(2, 4).rotary(of(2, 1), of(2, 2), Pairing.HALVES), "rotary", "(2, 4)", "(2, 1)"),
                refused(
                        () -> of(1, 2, 3, 4).causalAttention(of(1, 2, 2, 4), of(1, 2, 2, 4)),
                        "causalAttention",
                        "(1, 2, 3, 4)",
                        "(1, 2, 2, 4)",
                        "S >= T"),
                refused(
                        () -> of(1, 2, 3, 4).causalAttention(of(1, 2, 3, 4), of(1, 2, 3, 5)),
                        "causalAttention",
                        "(1, 2, 3, 5)"),
                refused(
                        () -> of(1, 3, 3, 4).causalAttention(of(1, 2, 3, 4), of(1, 2, 3, 4)),
                        "causalAttention",
                        "(1, 3, 3, 4)",
                        "(1, 2, 3, 4)",
                        "H a multiple of G"),
                refused(() -> x.crossEntropy(ids(0), -1), "crossEntropy", "(2, 3)", "targets (1)"),
                refused(() -> x.headCrossEntropy(of(7, 4), ids(0, 1), -1), "headCrossEntropy", "(2, 3)", "(7, 4)"),
                refused(() -> x.headCrossEntropy(of(7, 3), ids(0), -1), "headCrossEntropy", "(2, 3)", "targets (1)"),
                refused(() -> x.dropout(1, RandomKey.of(1)), "dropout", "[0, 1)", "1.0"),
                refused(() -> x.dropout(Float.NaN, RandomKey.of(1)), "dropout", "NaN"));
    }

    static Stream<Arguments> indices() {
        Tensor table = of(5, 3);
        return Stream.of(
                refused(() -> table.embedding(ids(0, 5)), "embedding: token id 5 at position 1", "0 to 4"),
                refused(() -> table.embedding(ids(-1)), "embedding: token id -1 at position 0", "0 to 4"),
                refused(() -> of(5).embedding(ids(0)), "embedding", "(V, C)", "(5)"),
                refused(() -> table.embedding(of(2)), "embedding", "I32", "F32", "(2)"),
                refused(() -> table.crossEntropy(ids(0, 1, 2, 3, 0), -1), "target 3 at position 3", "0 to 2"),
                refused(() -> table.crossEntropy(ids(0, 1, -1, 0, 0), -100), "target -1 at position 2"),
                refused(() -> table.crossEntropy(of(5), -1), "crossEntropy", "I32", "F32"),
                refused(() -> table.headCrossEntropy(of(4, 3), ids(0, 4, 0, 0, 0), -1), "target 4 at position 1"),
                refused(() -> table.gather(0, ids(0, 1, 5).reshape(1, 3)), "gather: index 5 at position 2", "0 to 4"),
                refused(() -> table.gather(0, ids(0, 1).reshape(1, 2)), "gather along axis 0", "(5, 3)", "(1, 2)"),
                refused(() -> table.gather(1, ids(0, 1)), "gather along axis 1", "(5, 3)", "(2)"),
                refused(
                        () -> table.scatterAdd(0, ids(0, 1, 5).reshape(1, 3), of(1, 3)),
                        "scatterAdd: index 5 at position 2"),
                refused(
                        () -> table.scatterAdd(0, ids(0, 1, 2).reshape(1, 3), of(2, 3)),
                        "scatterAdd",
                        "(2, 3)",
                        "(1, 3)"));
    }

    static Stream<Arguments> places() {
        Backend other = Backends.create("scalar", 1);
        Tensor x = of(2, 3);
        Tensor there = Tensor.zeros(other, 2, 3);
        Tensor halfWidth = of(2, 3).to(DataType.BF16);
        return Stream.of(
                refused(() -> x.add(there), "add", "two backends", "scalar (2, 3)"),
                refused(() -> x.matmul(there.transpose(0, 1)), "matmul", "two backends"),
                refused(() -> Tensor.concat(0, x, there), "concat", "two backends"),
                refused(() -> x.embedding(Tensor.of(other, new int[] {0})), "embedding", "two backends"),
                refused(() -> x.copyInPlace(there), "copyInPlace", "scalar"),
                refused(() -> ids(1, 2).exp(), "exp", "expected F32", "I32", "(2)"),
                refused(() -> ids(1, 2).add(ids(1, 2)), "add", "expected F32", "I32"),
                refused(() -> ids(1, 2).sum(), "sum", "expected F32", "I32"),
                refused(() -> ids(1, 2).withGradient(), "F32 only", "I32"),
                refused(() -> ids(1, 2).toFloats(), "toFloats", "I32", "toInts()"),
                refused(() -> x.toInts(), "toInts", "F32", "toFloats()"),
                refused(() -> ids(1, 2).to(DataType.F32), "I32", "F32"),
                refused(() -> halfWidth.softmax(), "softmax", "BF16", "to(F32)"),
                refused(() -> halfWidth.withGradient(), "F32 only", "BF16"));
    }
}
