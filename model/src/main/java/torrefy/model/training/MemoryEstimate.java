package torrefy.model.training;

import java.util.Locale;
import torrefy.core.memory.DataType;
import torrefy.model.architecture.GptConfig;
import torrefy.model.architecture.Storage;

/// What training a model will take of the heap, from its shape alone. One evaluator may compute in the trainer's arena
/// without adding to it.
///
/// @param parameterBytes weights, gradients and AdamW's two moments: 16 bytes a parameter, if all are `F32`
/// @param activationBytes what one batch's forward pass keeps and its backward pass adds
/// @param headBytes the gradient of the token table and a chunk of logits
public record MemoryEstimate(long parameterBytes, long activationBytes, long headBytes) {

    /// What else the program holds: code, the tokenizer, the collector's room to move.
    private static final long PROGRAM_BYTES = 160L << 20;

    /// An arena's last slab is rarely full; this is the size of the largest.
    private static final long SLAB_BYTES = 128L << 20;

    /// The logits that the output layer holds at once, unless one position has more.
    private static final long CHUNK = 1 << 21;

    /// The estimate for batches of `sequences` sequences of `length` tokens.
    ///
    /// A step's arena gives nothing back before the step's end, so every array that an op makes counts. In rows, C
    /// floats for each position of the batch, forward makes in a block: two norms (2), queries, keys and values (3),
    /// attention (1) and its projection (1), the network's inner layer before and after GELU (8) and its output (1),
    /// two sums (2): 18. Backward makes the gradients of GELU's result and of its input (8), of both norms' results
    /// (2), of attention's result (1), of queries, keys and values, apart (3) and joined (3), and where a sum goes two
    /// ways a copy (2): 19; all others are added to one that is there. Dropout, in two places, adds a row forward and
    /// a row backward in each.
    ///
    /// Outside the blocks there are the embeddings and their sum (2), the last norm (1), the gradients of its
    /// result and of its input (2), and a copy at the sum (1): 6; with dropout two more. The positions' gradient
    /// takes C floats for each of T. Single numbers for each position: mean and deviation of a norm, one per head
    /// for attention, three for the loss. The output layer makes the token table's gradient.
    public static MemoryEstimate of(GptConfig config, int sequences, int length) {
        return of(config, sequences, length, Storage.F32);
    }

    /// [#of(GptConfig, int, int)] with weights and moments stored as `storage` says. A product widens a matrix of
    /// `BF16` for as long as it takes; the largest one counts.
    public static MemoryEstimate of(GptConfig config, int sequences, int length, Storage storage) {
        long positions = (long) sequences * length;
        int dropout = config.dropout() > 0 ? 1 : 0;
        long rows = config.layers() * (18L + 19 + 4 * dropout) + 6 + 2 * dropout;
        long single = config.layers() * (4L + config.heads()) + 2 + 3;
        long activations = rows * config.width() * positions + (long) config.width() * length + single * positions;
        long vocabulary = config.vocabulary();
        long chunk = vocabulary * Math.min(positions, Math.max(1, CHUNK / vocabulary));
        long head = vocabulary * config.width() + chunk;
        long matrices = config.matrixParameters();
        long parameters = (Float.BYTES + 2L * storage.moments().bytes()) * config.parameters()
                + (long) storage.weights().bytes() * matrices
                + Float.BYTES * (config.parameters() - matrices);
        if (storage.weights() == DataType.BF16) {
            parameters += Float.BYTES * (long) config.width() * Math.max(vocabulary, 4L * config.width());
        }
        return new MemoryEstimate(parameters, Float.BYTES * activations, Float.BYTES * head);
    }

    /// All of it.
    public long bytes() {
        long arena = activationBytes + headBytes;
        return parameterBytes + arena + Math.min(arena, SLAB_BYTES) + PROGRAM_BYTES;
    }

    /// Throws if this does not fit into the heap, with the `-Xmx` that would do.
    ///
    /// @throws IllegalArgumentException if `heapBytes` is less than [#bytes]
    public void requireFits(long heapBytes) {
        if (bytes() > heapBytes) {
            long wanted = (bytes() / 10 * 11 + (1 << 20)) >> 20;
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
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
