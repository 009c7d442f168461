package torrefy.model.architecture;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import torrefy.core.backend.Backend;
import torrefy.core.memory.Buffer;
import torrefy.core.random.RandomKey;
import torrefy.model.layer.AttentionSpan;
import torrefy.model.layer.CausalSelfAttention;
import torrefy.model.layer.Deviations;
import torrefy.model.layer.Embedding;
import torrefy.model.layer.FeedForward;
import torrefy.model.layer.KeyValueCache;
import torrefy.model.layer.Norm;
import torrefy.model.layer.ParameterCount;
import torrefy.model.layer.ParameterSpace;
import torrefy.model.layer.PositionEmbedding;
import torrefy.model.layer.Positions;
import torrefy.model.layer.SideBySide;
import torrefy.model.layer.TransformerBlock;
import torrefy.tensor.GradientMode;
import torrefy.tensor.Parameter;
import torrefy.tensor.Segments;
import torrefy.tensor.Tensor;
import torrefy.tensor.op.Recomputation;
import torrefy.tensor.op.Saved;

/// A decoder: token embeddings, a stack of transformer blocks, a last norm, and an output layer, which may be the token
/// table once more. Its [TransformerConfig] says of which parts: those of GPT-2 (Radford et al., "Language models are
/// unsupervised multitask learners", 2019), those of Llama (Touvron et al., arXiv 2302.13971), or others. They are
/// chosen here, once, when the model is built; the methods below do not know which they have.
///
/// Initial values as in GPT-2: weights normal with deviation 0.02, those that write into the residual stream smaller by
/// `√(2·layers)`, because 2·layers of them add up. Parameters are named as in Hugging Face's files for GPT-2 where
/// positions are learned, and for Llama where they are rotary; matrices have shape `(in, out)` in both, which in
/// Llama's files is `(out, in)`.
public final class Transformer {

    /// The target that does not count in a loss.
    public static final int IGNORE = -1;

    private static final float DEVIATION = 0.02f;

    private final TransformerConfig config;
    private final Storage storage;
    private final ParameterSpace parameters;
    private final ParameterNames names;
    private final Embedding tokens;
    private final PositionEmbedding positions;
    private final List<TransformerBlock> blocks = new ArrayList<>();
    private final Norm finalNorm;
    /// The output layer, `(V, C)`.
    private final Parameter head;

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
        this.names = config.positions() instanceof Positions.Rotary ? ParameterNames.LLAMA : ParameterNames.GPT2;
        ParameterCount count = config.count();
        parameters.expect(count.matrices(), count.vectors(), count.arrays());
        this.tokens = new Embedding(parameters, names.tokens(), config.vocabulary(), config.width(), DEVIATION);
        this.positions = PositionEmbedding.of(
                parameters,
                names.positions(),
                config.positions(),
                config.context(),
                config.width(),
                config.headSize(),
                DEVIATION);
        for (int layer = 0; layer < config.layers(); layer++) {
            blocks.add(block(layer));
        }
        this.finalNorm = Norm.of(parameters, names.finalNorm(), config.width(), config.norm());
        this.head = config.tiedHead()
                ? tokens.weight()
                : parameters.normal(names.head() + ".weight", DEVIATION, config.vocabulary(), config.width());
        assert parameters.count() == config.parameters() : "the formula in TransformerConfig counts what is built";
    }

    private TransformerBlock block(int layer) {
        String name = names.block() + layer + ".";
        int width = config.width();
        Deviations deviations = new Deviations(DEVIATION, (float) (DEVIATION / Math.sqrt(2.0 * config.layers())));
        return new TransformerBlock(
                Norm.of(parameters, name + names.attentionNorm(), width, config.norm()),
                CausalSelfAttention.of(
                        parameters,
                        name + names.attention(),
                        width,
                        config.attention(),
                        positions,
                        config.norm().epsilon(),
                        layer,
                        deviations),
                Norm.of(parameters, name + names.feedForwardNorm(), width, config.norm()),
                FeedForward.of(parameters, name + names.feedForward(), width, config.feedForward(), deviations),
                config.dropout());
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
        return loss(ids, targets, dropoutKey, recompute, null);
    }

    /// The same, where no position looks beyond the beginning of its document. Positions are counted through the
    /// sequence in any case.
    ///
    /// @param documents how the sequences are cut; null if they are not
    public Tensor loss(Tensor ids, Tensor targets, RandomKey dropoutKey, boolean recompute, Segments documents) {
        AttentionSpan span = AttentionSpan.within(documents);
        Tensor hidden = Tensor.scoped(() -> hidden(ids, span, dropoutKey, recompute, (name, activation) -> {}));
        Tensor loss = kept(() -> hidden.headCrossEntropy(head, targets, IGNORE));
        hidden.letGo();
        return loss;
    }

    /// The scores of every possible next token after each position: `I32 (B, T)` to `(B, T, V)`.
    public Tensor logits(Tensor ids) {
        return output(hidden(ids, AttentionSpan.SEQUENCE, null, false, (name, activation) -> {}));
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
        Tensor hidden = hidden(ids, AttentionSpan.after(caches), null, false, (name, activation) -> {});
        caches.forEach(cache -> cache.advance(ids.size(1)));
        return hidden;
    }

    /// A cache for one text.
    ///
    /// @param capacity the positions it can hold; more than the model's context is no use
    public KeyValueCache newCache(int capacity) {
        return new KeyValueCache(backend(), config.layers(), config.keyValueHeads(), capacity, config.headSize());
    }

    /// Computes all layers before the output layer and shows each one's result to `observer`, by name, in order: to
    /// find out where something goes wrong. In an arena a result may be looked at until the next layer's was shown; a
    /// [Tensor#detachedCopy] of it, for good.
    ///
    /// @param dropoutKey as in [#loss]
    public void observe(Tensor ids, RandomKey dropoutKey, BiConsumer<String, Tensor> observer) {
        hidden(ids, AttentionSpan.SEQUENCE, dropoutKey, false, observer);
    }

    private Tensor output(Tensor hidden) {
        return hidden.matmul(head.transpose(0, 1));
    }

    /// The state of each position after the last norm, `(B, T, C)`.
    private Tensor hidden(
            Tensor ids,
            AttentionSpan span,
            RandomKey dropoutKey,
            boolean recompute,
            BiConsumer<String, Tensor> observer) {
        List<KeyValueCache> caches = span.caches();
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
            x = block(blocks.get(layer), in, span, key, recompute);
            observer.accept(names.block() + layer, x);
            in.letGo();
            // Without a graph, too, the stream that a block read goes back after it.
            stream.release();
        }
        Tensor last = x;
        Tensor hidden = kept(() -> finalNorm.forward(last));
        observer.accept(names.finalNorm(), hidden);
        last.letGo();
        return hidden;
    }

    /// Computes a part of the model of which nothing is kept but what its ops save, stored as the model is told to.
    private Tensor kept(Supplier<Tensor> part) {
        return GradientMode.isOn() ? Saved.as(storage.activations(), () -> Tensor.lean(part)) : Tensor.scoped(part);
    }

    /// What each position begins with: its token's row, with its place if that is told here.
    private Tensor embedded(Tensor ids, List<KeyValueCache> caches, RandomKey dropoutKey) {
        Tensor rows = tokens.forward(ids);
        Tensor x = caches.isEmpty()
                ? positions.atInput(rows, 0)
                : SideBySide.join(
                        caches.size(),
                        text -> positions.atInput(
                                SideBySide.part(rows, text), caches.get(text).length()));
        return dropoutKey == null ? x : x.dropout(config.dropout(), dropoutKey.derive("embeddings"));
    }

    /// One block. What it computes on the way is kept for backward, if there is one, or computed again by it.
    private Tensor block(TransformerBlock block, Tensor x, AttentionSpan span, RandomKey key, boolean recompute) {
        if (recompute && GradientMode.isOn()) {
            return Recomputation.apply(in -> kept(() -> block.forward(in.get(0), span, key)), x);
        }
        return kept(() -> block.forward(x, span, key));
    }
}
