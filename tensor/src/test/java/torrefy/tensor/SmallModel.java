package torrefy.tensor;

import java.util.ArrayList;
import java.util.List;
import torrefy.core.backend.Backend;
import torrefy.core.backend.RotaryKernels.Pairing;
import torrefy.core.memory.DataType;
import torrefy.core.memory.NdArray;
import torrefy.core.random.RandomKey;
import torrefy.core.shape.Shape;
import torrefy.tensor.op.Recomputation;

/// A transformer of one block, made of as many kinds of ops as fit, for tests of whole steps. The sizes divide by
/// nothing that work might be cut by.
final class SmallModel {

    private static final int VOCABULARY = 1031;
    private static final int T = 31;
    private static final int HEADS = 3;
    private static final int D = 14;
    private static final int C = HEADS * D;
    private static final int B = 7;

    private final Backend backend;
    private final List<Parameter> parameters = new ArrayList<>();
    private final Parameter tokens;
    private final Parameter norm1;
    private final Parameter attention;
    private final Parameter projection;
    private final Parameter norm2;
    private final Parameter norm2Bias;
    private final Parameter up;
    private final Parameter upBias;
    private final Parameter down;
    private final Tensor cos;
    private final Tensor sin;

    SmallModel(Backend backend) {
        this.backend = backend;
        tokens = parameter("tokens", 0.5f, 0, VOCABULARY, C);
        norm1 = parameter("norm1", 0.2f, 1, C);
        attention = parameter("attention", 0.2f, 0, C, 3 * C);
        projection = parameter("projection", 0.2f, 0, C, C);
        norm2 = parameter("norm2", 0.2f, 1, C);
        norm2Bias = parameter("norm2Bias", 0.2f, 0, C);
        up = parameter("up", 0.2f, 0, C, 4 * C);
        upBias = parameter("upBias", 0.2f, 0, 4 * C);
        down = parameter("down", 0.2f, 0, 4 * C, C);
        Tensor angles = Tensor.uniform(backend, RandomKey.of(5), T, D / 2).multiply(3);
        // sin²x + cos²x = 1 without a sine kernel: any unit vectors serve as angles.
        sin = angles.tanh();
        cos = sin.multiply(sin).negate().add(1).sqrt();
    }

    private Parameter parameter(String name, float scale, float shift, int... shape) {
        Shape size = Shape.of(shape);
        NdArray data = Tensor.normal(backend, RandomKey.of(1).derive(name), shape)
                .multiply(scale)
                .add(shift)
                .data();
        NdArray gradient = NdArray.of(backend.allocate(DataType.F32, size.elements()), size);
        Parameter made = new Parameter(name, backend, data, gradient);
        parameters.add(made);
        return made;
    }

    List<Parameter> parameters() {
        return parameters;
    }

    /// The loss of a batch that depends on `step` alone.
    Tensor loss(int step) {
        RandomKey key = RandomKey.of(2).derive(step);
        int[] ids = new int[B * (T + 1)];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = (i * i + 31 * step + 7) % VOCABULARY;
        }
        Tensor batch = Tensor.of(backend, ids, B, T + 1);
        Tensor x = tokens.embedding(batch.slice(1, 0, T)).dropout(0.1f, key);
        Tensor attended = attend(x.rmsNorm(norm1, 1e-6f)).linear(projection, null, x);
        Tensor out = Recomputation.apply(in -> feedForward(in.get(0), key.derive("inside")), attended);
        return attended.add(out).headCrossEntropy(tokens, batch.slice(1, 1, T + 1), 7);
    }

    private Tensor attend(Tensor x) {
        List<Tensor> qkv = x.linear(attention, null).split(-1, 3).stream()
                .map(part -> part.reshape(B, T, HEADS, D).transpose(1, 2))
                .toList();
        return qkv.get(0)
                .rotary(cos, sin, Pairing.HALVES)
                .causalAttention(qkv.get(1).rotary(cos, sin, Pairing.HALVES), qkv.get(2))
                .transpose(1, 2)
                .reshape(B, T, C);
    }

    private Tensor feedForward(Tensor x, RandomKey key) {
        Tensor hidden = x.layerNorm(norm2, norm2Bias, 1e-5f).linear(up, upBias).gelu();
        return hidden.dropout(0.1f, key)
                .matmul(down)
                .multiply(x.softmax().sum(-1).reshape(B, T, 1));
    }

    /// One step of plain gradient descent; returns the loss.
    float train(int step) {
        Tensor loss = loss(step);
        loss.backward();
        GradientMode.off(() -> {
            for (Parameter parameter : parameters) {
                parameter.addInPlace(parameter.gradient(), -0.5f);
                parameter.zeroGradient();
            }
        });
        return loss.item();
    }
}
