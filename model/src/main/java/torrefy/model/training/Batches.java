package torrefy.model.training;

import torrefy.core.random.Distributions;
import torrefy.core.random.RandomKey;

/// Cuts a [TokenSource] into sequences and deals them out, shuffled, epoch after epoch.
///
/// In every epoch the source is cut into windows of T tokens, at an offset drawn for the epoch, and each window is dealt
/// once, in the epoch's own order. Which windows batch n holds is a function of the seed and of n: a resumed run sees
/// what an uninterrupted one would have seen.
public final class Batches {

    private final TokenSource source;
    private final int sequences;
    private final int length;
    private final RandomKey key;
    private final int windows;
    private long epoch = -1;
    private int[] order;
    private int offset;

    /// @param sequences B
    /// @param length T
    public Batches(TokenSource source, int sequences, int length, long seed) {
        // An epoch begins up to T − 1 tokens into the source, and the last target is one behind the last window.
        long whole = (source.length() - length) / length;
        if (whole < sequences) {
            throw new IllegalArgumentException("the text has " + source.length() + " tokens, too few for one batch of "
                    + sequences + " sequences of " + length + ": at least " + (long) length * (sequences + 1)
                    + " are needed; give more text, or a smaller --batch or --context");
        }
        this.source = source;
        this.sequences = sequences;
        this.length = length;
        this.key = RandomKey.of(seed).derive("batches");
        this.windows = (int) Math.min(whole, Integer.MAX_VALUE - 8);
    }

    /// Batch number `index`, from 0.
    public Batch batch(long index) {
        int[] inputs = new int[sequences * length];
        int[] targets = new int[sequences * length];
        int[] window = new int[length + 1];
        for (int sequence = 0; sequence < sequences; sequence++) {
            long position = index * sequences + sequence;
            turnTo(position / windows);
            long from = offset + (long) order[(int) (position % windows)] * length;
            source.read(from, window, 0, length + 1);
            System.arraycopy(window, 0, inputs, sequence * length, length);
            System.arraycopy(window, 1, targets, sequence * length, length);
        }
        return new Batch(inputs, targets, sequences, length);
    }

    /// B·T.
    public int tokensPerBatch() {
        return sequences * length;
    }

    public int sequences() {
        return sequences;
    }

    public int length() {
        return length;
    }

    /// How often batches up to number `index` have gone through the source.
    public double epochs(long index) {
        return (double) index * sequences / windows;
    }

    private void turnTo(long wanted) {
        if (wanted == epoch) {
            return;
        }
        epoch = wanted;
        order = Distributions.permutation(key.derive(2 * epoch), windows);
        int[] words = new int[4];
        key.derive(2 * epoch + 1).words(0, words, 0);
        // The window count leaves a whole window of room for the offset, except the one token the last target needs.
        offset = Distributions.below(words, length);
    }
}
