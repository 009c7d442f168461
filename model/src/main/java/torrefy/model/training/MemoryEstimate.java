package torrefy.model.training;

import torrefy.model.architecture.GptConfig;

/// What training a model will take of the heap, from its shape alone.
///
/// @param parameterBytes weights, gradients and AdamW's two moments: 16 bytes a parameter
/// @param activationBytes what one batch's forward pass keeps and its backward pass adds
/// @param headBytes the output layer's table gradient and its chunk of logits
public record MemoryEstimate(long parameterBytes, long activationBytes, long headBytes) {

    /// What else the program holds: code, the tokenizer, the collector's room to move.
    private static final long PROGRAM_BYTES = 160L << 20;

    /// The estimate for batches of `sequences` sequences of `length` tokens.
    ///
    /// Counted in rows of C floats per position, a block keeps two norms (2), queries, keys and values (3), attention and
    /// its projection (2), the network's two inner layers (8) and its output (1), and the two sums (2): 18. Backward
    /// makes the gradients of them all (18), and copies where a sum feeds two branches (2) and where heads are joined (3).
    public static MemoryEstimate of(GptConfig config, int sequences, int length) {
        long positions = (long) sequences * length;
        long row = 4L * config.width() * positions;
        long perBlock = (18 + 23) * row + 4L * positions * (config.heads() + 4);
        long outside = 8 * row;
        long chunk = Math.min((long) config.vocabulary() * positions, Math.max(1 << 21, config.vocabulary()));
        long head = 4L * (2L * config.vocabulary() * config.width() + chunk);
        return new MemoryEstimate(16 * config.parameters(), config.layers() * perBlock + outside, head);
    }

    /// All of it.
    public long bytes() {
        return parameterBytes + activationBytes + headBytes + PROGRAM_BYTES;
    }

    /// Throws if this does not fit into the heap, with the `-Xmx` that would do.
    public void requireFits(long heapBytes) {
        if (bytes() > heapBytes) {
            long wanted = (bytes() / 10 * 11 + (1 << 20)) >> 20;
            throw new IllegalArgumentException(String.format(
                    java.util.Locale.ROOT,
                    "this model needs about %d MB to train (%d MB parameters, %d MB activations, %d MB output layer), the"
                            + " heap has %d MB: start Java with -Xmx%dm, or choose a smaller --width, --layers or --batch",
                    bytes() >> 20,
                    parameterBytes >> 20,
                    activationBytes >> 20,
                    headBytes >> 20,
                    heapBytes >> 20,
                    wanted));
        }
    }
}
