package torrefy.model.training;

import java.util.Locale;
import torrefy.core.backend.PlanningBackend;
import torrefy.core.memory.Arena;
import torrefy.core.memory.ArenaSize;
import torrefy.model.architecture.Gpt;
import torrefy.model.architecture.GptConfig;

/// What training a model will take of memory, found by training it for one step on a backend that computes nothing and
/// whose buffers take no memory: [PlanningBackend]. It takes milliseconds, and there is no formula to keep up with the
/// model. An evaluator with batches as large may compute in the trainer's arena without adding to it.
///
/// @param parameterBytes weights, gradients and AdamW's two moments: 16 bytes a parameter
/// @param arena the activations of one batch, what backward adds, and the gaps in between: exactly what the trainer's
///     arena will be
public record MemoryEstimate(long parameterBytes, ArenaSize arena) {

    /// What else the program holds in the heap: the tokenizer, the scratch memory of kernels, the collector's room to
    /// move.
    private static final long PROGRAM_BYTES = 64L << 20;

    /// The memory for training on batches of `sequences` sequences of `length` tokens.
    ///
    /// @param recompute as in [TrainingSettings]
    public static MemoryEstimate of(GptConfig config, int sequences, int length, boolean recompute) {
        PlanningBackend backend = new PlanningBackend();
        Arena arena = Arena.planning(backend::memoryless);
        TrainingSettings settings =
                TrainingSettings.standard(RunLength.steps(1), 1).withRecompute(recompute);
        Trainer trainer = new Trainer(Gpt.undrawn(config, backend), settings, arena);
        trainer.accumulateGradients(new Batches(new Endless(), sequences, length, 0), 1);
        return new MemoryEstimate(backend.allocatedBytes(), arena.size());
    }

    /// A text of zeros.
    private record Endless() implements TokenSource {

        @Override
        public long length() {
            return Long.MAX_VALUE / 2;
        }

        @Override
        public void read(long from, int[] out, int at, int count) {
            // They are zeros already.
        }
    }

    /// What one batch takes beside the parameters.
    public long activationBytes() {
        return arena.bytes();
    }

    /// What the Java heap has to hold.
    public long bytes() {
        return parameterBytes + activationBytes() + PROGRAM_BYTES;
    }

    /// Throws if this does not fit into the heap, with the `-Xmx` that would do.
    ///
    /// @throws IllegalArgumentException if `heapBytes` is less than [#bytes]
    public void requireFits(long heapBytes) {
        if (bytes() > heapBytes) {
            long wanted = (bytes() / 10 * 11 + (1 << 20)) >> 20;
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "this model needs about %d MB to train (%d MB parameters, %d MB activations), the heap has %d MB:"
                            + " start Java with -Xmx%dm, or choose a smaller --width, --layers or --batch",
                    bytes() >> 20,
                    parameterBytes >> 20,
                    activationBytes() >> 20,
                    heapBytes >> 20,
                    wanted));
        }
    }
}
