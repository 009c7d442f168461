package torrefy.model.architecture;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import torrefy.core.backend.Backend;
import torrefy.core.memory.Buffer;
import torrefy.core.random.RandomKey;
import torrefy.core.shape.Shape;
import torrefy.model.layer.Embedding;
import torrefy.model.layer.KeyValueCache;
import torrefy.model.layer.LayerNorm;
import torrefy.model.layer.ParameterSpace;
import torrefy.model.layer.TransformerBlock;
import torrefy.tensor.GradientMode;
import torrefy.tensor.Tensor;
import torrefy.tensor.op.Recomputation;
import torrefy.tensor.op.Saved;

/// GPT-2: token and position embeddings, a stack of transformer blocks, a last layer norm, and the token table once
/// more as the output layer. Radford et al., "Language models are unsupervised multitask learners", 2019.
///
/// Initial values as there: weights normal with deviation 0.02, those that write into the residual stream smaller by
/// `√(2·layers)`, because 2·layers of them add up. Parameters are named as in Hugging Face's files for GPT-2.
public final class Transformer {

    /// The target that does not count in a loss.
    public static final int IGNORE = -1;

    private static final float DEVIATION = 0.02f;

    private final TransformerConfig config;
    private final Storage storage;
    private final ParameterSpace parameters;
    private final Embedding tokenEmbedding;
    private final Embedding positionEmbedding;
    private final List<TransformerBlock> blocks = new ArrayList<>();
    private final LayerNorm finalNorm;

    /// A model with random parameters.
    public Transformer(TransformerConfig config, Backend backend, long seed) {
        this(config, backend, seed, Storage.F32);
    }

    /// A model with random parameters.
    ///
    /// @param storage of its weights, and of what training it keeps
    public Transformer(TransformerConfig config, Backend backend, long seed, Storage storage) {
        this(config, new ParameterSpace(backend, seed, storage.weights()), storage);
    }

    /// A model whose weights are all zero: to be read from a file, which saves drawing them first.
    public static Transformer undrawn(TransformerConfig config, Backend backend) {
        return undrawn(config, backend, Storage.F32);
    }

    /// A model whose weights are all zero: to be read from a file, which saves drawing them first.
    public static Transformer undrawn(TransformerConfig config, Backend backend, Storage storage) {
        return new Transformer(config, ParameterSpace.undrawn(backend, storage.weights()), storage);
    }

    private Transformer(TransformerConfig config, ParameterSpace parameters, Storage storage) {
        this.config = config;
        this.storage = storage;
        this.parameters = parameters;
        int arrays = 2 + 12 * config.layers() + 2;
        parameters.expect(config.matrixParameters(), config.parameters() - config.matrixParameters(), arrays);
        this.tokenEmbedding = new Embedding(parameters, "wte", config.vocabulary(), config.width(), DEVIATION);
        this.positionEmbedding = new Embedding(parameters, "wpe", config.context(), config.width(), DEVIATION);
        float residualDeviation = (float) (DEVIATION / Math.sqrt(2.0 * config.layers()));
        for (int layer = 0; layer < config.layers(); layer++) {
            blocks.add(new TransformerBlock(
                    parameters,
                    "h." + layer,
                    config.width(),
                    config.heads(),
                    layer,
                    TransformerConfig.EPSILON,
                    config.dropout(),
                    DEVIATION,
                    residualDeviation));
        }
        this.finalNorm = new LayerNorm(parameters, "ln_f", config.width(), TransformerConfig.EPSILON);
        assert parameters.count() == config.parameters() : "the formula in TransformerConfig counts what is built";
    }

    public TransformerConfig config() {
        return config;
    }

    public Storage storage() {
        return storage;
    }

    public ParameterSpace parameters() {
        return parameters;
    }

    public Backend backend() {
        return parameters.backend();
    }

    /// The mean negative log-likelihood, in nats, of `targets` given the tokens before them; targets of [#IGNORE] do
    /// not count.
    ///
    /// @param ids `I32 (B, T)`
    /// @param targets `I32 (B, T)`: the token that follows each
    /// @param dropoutKey the step's key for dropout; null to evaluate
    public Tensor loss(Tensor ids, Tensor targets, RandomKey dropoutKey) {
        return loss(ids, targets, dropoutKey, false);
    }

    /// The same to the bit, and so are the gradients.
    ///
    /// @param recompute whether a block keeps its input alone and is computed a second time in backward: about a third
    ///     more work for about a twelfth of the activations
    public Tensor loss(Tensor ids, Tensor targets, RandomKey dropoutKey, boolean recompute) {
        Tensor hidden = Tensor.scoped(() -> hidden(ids, List.of(), dropoutKey, recompute, (name, activation) -> {}));
        Tensor loss = kept(() -> hidden.headCrossEntropy(tokenEmbedding.weight(), targets, IGNORE));
        hidden.letGo();
        return loss;
    }

    /// The scores of every possible next token after each position: `I32 (B, T)` to `(B, T, V)`.
    public Tensor logits(Tensor ids) {
        return output(hidden(ids, List.of(), null, false, (name, activation) -> {}));
    }

    /// The scores of every possible next token after the last of these positions, `(B, V)`; without a gradient,
    /// because the caches are changed in place.
    ///
    /// @param ids `I32 (B, T)`, the positions that follow those in the caches, which take them up
    /// @param caches one for each of the B texts, which need not be equally long
    public Tensor nextLogits(Tensor ids, List<KeyValueCache> caches) {
        return GradientMode.off(() -> {
            Tensor hidden = continued(ids, caches);
            int last = ids.size(1) - 1;
            return output(hidden.slice(1, last, last + 1)).reshape(ids.size(0), config.vocabulary());
        });
    }

    /// The scores after each of these positions, `(B, T, V)`; else like [#nextLogits].
    public Tensor logits(Tensor ids, List<KeyValueCache> caches) {
        return GradientMode.off(() -> output(continued(ids, caches)));
    }

    private Tensor continued(Tensor ids, List<KeyValueCache> caches) {
        if (ids.rank() != 2 || ids.size(0) != caches.size()) {
            throw new IllegalArgumentException("texts that are continued need a cache each: got ids of shape "
                    + ids.shape() + " and " + caches.size() + " caches");
        }
        Tensor hidden = hidden(ids, caches, null, false, (name, activation) -> {});
        caches.forEach(cache -> cache.advance(ids.size(1)));
        return hidden;
    }

    /// A cache for one text.
    ///
    /// @param capacity the positions it can hold; more than the model's context is no use
    public KeyValueCache newCache(int capacity) {
        return new KeyValueCache(backend(), config.layers(), config.heads(), capacity, config.headSize());
    }

    /// Computes all layers before the output layer and shows each one's result to `observer`, by name, in order: to
    /// find out where something goes wrong. In an arena a result may be looked at until the next layer's was shown; a
    /// [Tensor#detachedCopy] of it, for good.
    ///
    /// @param dropoutKey as in [#loss]
    public void observe(Tensor ids, RandomKey dropoutKey, BiConsumer<String, Tensor> observer) {
        hidden(ids, List.of(), dropoutKey, false, observer);
    }

    private Tensor output(Tensor hidden) {
        return hidden.matmul(tokenEmbedding.weight().transpose(0, 1));
    }

    /// The state of each position after the last norm, `(B, T, C)`.
    private Tensor hidden(
            Tensor ids,
            List<KeyValueCache> caches,
            RandomKey dropoutKey,
            boolean recompute,
            BiConsumer<String, Tensor> observer) {
        int from = caches.stream().mapToInt(KeyValueCache::length).max().orElse(0);
        if (ids.rank() != 2 || ids.size(1) < 1 || from + ids.size(1) > config.context()) {
            throw new IllegalArgumentException(
                    "the model reads ids of shape (B, T), T at least 1 and within its context of " + config.context()
                            + (from == 0 ? "" : ", of which a cache holds " + from) + "; got " + ids.shape());
        }
        Tensor x = kept(() -> embedded(ids, caches, dropoutKey));
        observer.accept("embeddings", x);
        for (int layer = 0; layer < blocks.size(); layer++) {
            RandomKey key = dropoutKey == null || config.dropout() == 0 ? null : dropoutKey.derive(layer);
            Tensor in = x;
            Buffer stream = in.data().buffer();
            stream.retain();
            x = block(blocks.get(layer), in, caches, key, recompute);
            observer.accept("h." + layer, x);
            in.letGo();
            // Without a graph, too, the stream that a block read goes back after it.
            stream.release();
        }
        Tensor last = x;
        Tensor hidden = kept(() -> finalNorm.forward(last));
        observer.accept("ln_f", hidden);
        last.letGo();
        return hidden;
    }

    /// Computes a part of the model of which nothing is kept but what its ops save, stored as the model is told to.
    private Tensor kept(Supplier<Tensor> part) {
        return GradientMode.isOn() ? Saved.as(storage.activations(), () -> Tensor.lean(part)) : Tensor.scoped(part);
    }

    /// What each position begins with: the sum of its token's row and its place's.
    private Tensor embedded(Tensor ids, List<KeyValueCache> caches, RandomKey dropoutKey) {
        Tensor x = tokenEmbedding.forward(ids).add(placed(ids.size(1), caches));
        return dropoutKey == null ? x : x.dropout(config.dropout(), dropoutKey.derive("embeddings"));
    }

    /// The rows of the next `length` places: the same for all texts, `(1, T, C)`, or each its own, `(B, T, C)`.
    private Tensor placed(int length, List<KeyValueCache> caches) {
        if (caches.isEmpty()) {
            Tensor rows = positionEmbedding.rows(0, length);
            return rows.reshape(Shape.of(1).concat(rows.shape()));
        }
        int[] places = new int[caches.size() * length];
        for (int i = 0; i < places.length; i++) {
            places[i] = caches.get(i / length).length() + i % length;
        }
        return positionEmbedding.forward(Tensor.of(backend(), places, caches.size(), length));
    }

    /// One block. What it computes on the way is kept for backward, if there is one, or computed again by it.
    private Tensor block(
            TransformerBlock block, Tensor x, List<KeyValueCache> caches, RandomKey key, boolean recompute) {
        if (recompute && GradientMode.isOn()) {
            return Recomputation.apply(in -> kept(() -> block.forward(in.get(0), caches, key)), x);
        }
        return kept(() -> block.forward(x, caches, key));
    }
}
