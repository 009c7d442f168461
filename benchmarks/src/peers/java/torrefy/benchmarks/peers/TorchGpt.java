package torrefy.benchmarks.peers;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import torrefy.model.architecture.TransformerConfig;

/// GPT-2 in libtorch, layer by layer what [torrefy.model.architecture.Transformer] is, with random weights and
/// tokens: fused attention, fused layer norm, the token table as the output layer.
///
/// All intermediate tensors are freed when a step's scope closes.
final class TorchGpt implements AutoCloseable {

    /// GPT-2's initial deviation; the residual projections' smaller one makes no difference to speed.
    private static final double DEVIATION = 0.02;

    /// Of GPT-2's layer norms.
    private static final double EPSILON = 1e-5;

    private record Linear(Tensor weight, Tensor bias) {

        Tensor forward(Tensor x) {
            return torch.linear(x, weight, new TensorOptional(bias));
        }
    }

    private record Norm(Tensor weight, Tensor bias) {

        Tensor forward(Tensor x) {
            long[] shape = {weight.size(0)};
            return torch.layer_norm(x, shape, new TensorOptional(weight), new TensorOptional(bias), EPSILON, true);
        }
    }

    private record Block(Norm norm1, Linear queryKeyValue, Linear projection, Norm norm2, Linear up, Linear down) {}

    private final TransformerConfig config;
    private final List<Tensor> parameters = new ArrayList<>();
    private final Tensor tokens;
    private final Tensor positions;
    private final List<Block> blocks = new ArrayList<>();
    private final Norm finalNorm;
    private final TorchAdamW optimizer;

    TorchGpt(TransformerConfig config) {
        this.config = config;
        // What is temporary goes when it closes; a parameter is retained.
        PointerScope scope = new PointerScope();
        int c = config.width();
        tokens = normal(config.vocabulary(), c);
        positions = normal(config.context(), c);
        for (int layer = 0; layer < config.layers(); layer++) {
            blocks.add(new Block(norm(c), linear(c, 3 * c), linear(c, c), norm(c), linear(c, 4 * c), linear(4 * c, c)));
        }
        finalNorm = norm(c);
        optimizer = new TorchAdamW(parameters, true);
        scope.close();
    }

    private Tensor normal(long... shape) {
        return parameter(torch.randn(shape).mul_(new Scalar(DEVIATION)));
    }

    private Tensor parameter(Tensor initial) {
        Tensor parameter = initial.set_requires_grad(true);
        parameter.retainReference();
        parameters.add(parameter);
        return parameter;
    }

    private Linear linear(int in, int out) {
        return new Linear(normal(out, in), parameter(torch.zeros(out)));
    }

    private Norm norm(int channels) {
        return new Norm(parameter(torch.ones(channels)), parameter(torch.zeros(channels)));
    }

    /// One training step on `(B, T)` ids: forward, backward, clipping at 1, AdamW. Returns the loss.
    float step(int[] inputs, int[] targets, int batch, int length) {
        PointerScope scope = new PointerScope();
        try {
            Tensor loss = loss(ids(inputs, batch, length), ids(targets, batch, length));
            float value = loss.item_float();
            loss.backward();
            optimizer.step(3e-4);
            return value;
        } finally {
            scope.close();
        }
    }

    private static Tensor ids(int[] ids, int batch, int length) {
        long[] wide = new long[ids.length];
        for (int i = 0; i < ids.length; i++) {
            wide[i] = ids[i];
        }
        return torch.tensor(wide, new TensorOptions(torch.ScalarType.Long)).view(batch, length);
    }

    private Tensor loss(Tensor inputs, Tensor targets) {
        long t = inputs.size(1);
        Tensor x = torch.embedding(tokens, inputs).add(positions.narrow(0, 0, t));
        for (Block block : blocks) {
            x = x.add(attention(block, block.norm1.forward(x)));
            Tensor up = torch.gelu(block.up.forward(block.norm2.forward(x)), "tanh");
            x = x.add(block.down.forward(up));
        }
        Tensor logits = torch.linear(finalNorm.forward(x), tokens);
        return torch.cross_entropy_loss(logits.view(-1, config.vocabulary()), targets.view(-1));
    }

    private Tensor attention(Block block, Tensor x) {
        long b = x.size(0);
        long t = x.size(1);
        TensorVector parts = block.queryKeyValue.forward(x).split(config.width(), 2);
        Tensor q = heads(parts.get(0), b, t);
        Tensor k = heads(parts.get(1), b, t);
        Tensor v = heads(parts.get(2), b, t);
        BlasThreads.one();
        Tensor mixed =
                torch.scaled_dot_product_attention(q, k, v, new TensorOptional(), 0, true, new DoubleOptional(), false);
        BlasThreads.all();
        BlasThreads.oneInBackward(mixed, q);
        return block.projection.forward(mixed.transpose(1, 2).reshape(b, t, config.width()));
    }

    private Tensor heads(Tensor x, long b, long t) {
        return x.view(b, t, config.heads(), config.headSize()).transpose(1, 2);
    }

    @Override
    public void close() {
        optimizer.close();
        parameters.forEach(Tensor::releaseReference);
    }
}
