package torrefy.model.training;

import torrefy.core.random.Distributions;
import torrefy.core.random.Permutation;
import torrefy.core.random.RandomKey;

/// Cuts a [TokenSource] into sequences and deals them out, shuffled, epoch after epoch.
///
/// In every epoch the source is cut into windows of T tokens, at an offset drawn for the epoch, and each window is
/// dealt once, in the epoch's own order. Which windows batch n holds is a function of the seed and of n, computed when
/// it is asked for: a resumed run sees what an uninterrupted one would have seen, and a source of 10^12 tokens costs
/// no memory. One thread at a time may ask.
public final class Batches {

    private final TokenSource source;
    private final int sequences;
    private final int length;
    private final long seed;
    private final RandomKey key;
    private final long windows;
    private final int[] window;

    /// @param sequences B
    /// @param length T
    /// @throws IllegalArgumentException if the source is too small for one batch
    public Batches(TokenSource source, int sequences, int length, long seed) {
        if (sequences < 1 || length < 1 || (long) sequences * length > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "a batch needs at least 1 sequence of at least 1 token, and fewer than 2^31"
                            + " tokens in all; got " + sequences + " sequences of " + length);
        }
        // An epoch begins up to T − 1 tokens into the source, and the last target is one behind the last window.
        long whole = (source.length() - length) / length;
        if (whole < sequences) {
            throw new IllegalArgumentException("the text has " + source.length() + " tokens, too few for one batch of "
                    + sequences + " sequences of " + length + ": at least " + (long) length * (sequences + 1L)
                    + " are needed; give more text, or a smaller --batch or --context");
        }
        this.source = source;
        this.sequences = sequences;
        this.length = length;
        this.seed = seed;
        this.key = RandomKey.of(seed).derive("batches");
        this.windows = whole;
        this.window = new int[length + 1];
    }

    /// Batch number `index`, from 0.
    public Batch batch(long index) {
        Batch batch = Batch.empty(sequences, length);
        read(index, batch);
        return batch;
    }

    /// Overwrites `batch`, which has the right size, with batch number `index`.
    void read(long index, Batch batch) {
        for (int sequence = 0; sequence < sequences; sequence++) {
            source.read(start(index * sequences + sequence), window, 0, length + 1);
            System.arraycopy(window, 0, batch.inputs(), sequence * length, length);
            System.arraycopy(window, 1, batch.targets(), sequence * length, length);
        }
    }

    /// The first token of the window that is dealt as number `position`, counted from the run's beginning.
    private long start(long position) {
        long epoch = position / windows;
        Permutation order = new Permutation(key.derive(2 * epoch), windows);
        int[] words = new int[4];
        key.derive(2 * epoch + 1).words(0, words, 0);
        // The window count leaves room for any offset below T, and for the one token that the last target needs.
        int offset = Distributions.below(words, length);
        return offset + order.at(position % windows) * length;
    }

    /// B·T.
    public int tokensPerBatch() {
        return sequences * length;
    }

    public long seed() {
        return seed;
    }

    /// The number of tokens in the source.
    public long sourceTokens() {
        return source.length();
    }

    public int sequences() {
        return sequences;
    }

    public int length() {
        return length;
    }

    /// The number of windows in an epoch.
    public long windows() {
        return windows;
    }

    /// How often batches up to number `index` have gone through the source.
    public double epochs(long index) {
        return (double) index * sequences / windows;
    }
}
