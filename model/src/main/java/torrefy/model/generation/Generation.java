package torrefy.model.generation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import torrefy.core.memory.Arena;
import torrefy.model.architecture.Transformer;
import torrefy.model.layer.KeyValueCache;
import torrefy.tensor.Tensor;

/// Several texts that are continued side by side, one token each at every [#step].
///
/// A prompt is read in one pass of its own; from then on the texts share a pass, in which each weight is read once for
/// all of them. They share nothing else: a text's tokens are those it would get alone, at its place. On the processor's
/// backends that
/// holds to the bit; elsewhere scores may differ by their rounding. A text that has ended costs nothing more.
public final class Generation implements AutoCloseable {

    /// As many rows as the matrix kernels take without packing the weights; see `FewRowsMatmul`.
    private static final int MOST_TOGETHER = 16;

    /// Takes up tokens.
    @FunctionalInterface
    public interface Sink {

        /// @param text the number of the text, in the order of the prompts
        /// @return whether the text is to go on
        boolean accept(int text, int token);
    }

    private final Transformer model;
    private final Arena arena;
    /// Null where a text has ended.
    private final Passage[] passages;
    private final Speed.Watch watch = new Speed.Watch();

    Generation(Transformer model, Arena arena, List<Passage> passages) {
        this.model = model;
        this.arena = arena;
        this.passages = passages.stream()
                .map(passage -> passage.isComplete() ? null : passage)
                .toArray(Passage[]::new);
    }

    /// Whether any text goes on.
    public boolean isRunning() {
        return Arrays.stream(passages).anyMatch(Objects::nonNull);
    }

    /// Whether this text goes on.
    public boolean isRunning(int text) {
        return passages[text] != null;
    }

    /// Draws the next token of every text that goes on and hands them over, in the order of the texts. A text ends
    /// when the sink says so, or with as many tokens as were wanted.
    public void step(Sink sink) {
        int[] drawn = new int[passages.length];
        int[][] unread = new int[passages.length][];
        List<Integer> oneEach = new ArrayList<>();
        for (int text = 0; text < passages.length; text++) {
            if (passages[text] == null) {
                continue;
            }
            unread[text] = passages[text].read();
            if (unread[text].length == 1) {
                oneEach.add(text);
            } else {
                draw(List.of(text), unread, drawn);
            }
        }
        for (int from = 0; from < oneEach.size(); from += MOST_TOGETHER) {
            draw(oneEach.subList(from, Math.min(oneEach.size(), from + MOST_TOGETHER)), unread, drawn);
        }
        for (int text = 0; text < passages.length; text++) {
            if (passages[text] != null && (!sink.accept(text, drawn[text]) || passages[text].isComplete())) {
                stop(text);
            }
        }
    }

    /// One pass of the model over the unread tokens, equally many, of some texts, and the tokens drawn from it.
    private void draw(List<Integer> texts, int[][] unread, int[] drawn) {
        long start = System.nanoTime();
        int length = unread[texts.getFirst()].length;
        int[] ids = new int[texts.size() * length];
        List<KeyValueCache> caches = new ArrayList<>();
        for (int text : texts) {
            System.arraycopy(unread[text], 0, ids, caches.size() * length, length);
            caches.add(passages[text].cache());
        }
        float[] scores =
                arena.step(() -> model.nextLogits(Tensor.of(model.backend(), ids, texts.size(), length), caches)
                        .toFloats());
        int vocabulary = scores.length / texts.size();
        for (int row = 0; row < texts.size(); row++) {
            float[] own =
                    texts.size() == 1 ? scores : Arrays.copyOfRange(scores, row * vocabulary, (row + 1) * vocabulary);
            drawn[texts.get(row)] = passages[texts.get(row)].draw(own);
        }
        watch.passed(texts.size(), length, System.nanoTime() - start);
    }

    /// Ends a text and frees what was kept of it.
    public void stop(int text) {
        passages[text] = null;
    }

    /// How fast it went so far.
    public Speed speed() {
        return watch.speed();
    }

    /// Ends all texts and frees what was kept of them.
    @Override
    public void close() {
        Arrays.fill(passages, null);
    }
}
