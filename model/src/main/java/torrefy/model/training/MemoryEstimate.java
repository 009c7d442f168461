package torrefy.model.training;

import java.util.Locale;
import java.util.OptionalLong;
import torrefy.core.backend.ArrayMemory;
import torrefy.core.backend.PlanningBackend;
import torrefy.core.memory.Arena;
import torrefy.core.memory.ArenaSize;
import torrefy.model.architecture.Storage;
import torrefy.model.architecture.Transformer;
import torrefy.model.architecture.TransformerConfig;
import torrefy.tensor.GradientMode;

/// What training a model will take of memory, found by training it for one step on a backend that computes nothing and
/// whose buffers take no memory: [PlanningBackend]. It takes milliseconds, and there is no formula to keep up with the
/// model. The arena is large enough for an evaluator with batches as large, too.
///
/// @param parameterBytes weights, gradients and AdamW's two moments: 16 bytes a parameter, and the gaps between them
/// @param parameterArrays the number of arrays that hold them
/// @param largestArray the bytes of the largest array, be it among them or a part of the arena
/// @param arena the activations of one batch, what backward adds, and the gaps in between: exactly what the trainer's
///     arena will be
public record MemoryEstimate(long parameterBytes, int parameterArrays, long largestArray, ArenaSize arena) {

    /// What else the program holds in the heap: the tokenizer, the scratch memory of kernels.
    private static final long PROGRAM_BYTES = 32L << 20;

    /// The collector's books take about this share of the heap.
    private static final long BOOKS_SHARE = 256;

    /// On a device kernels hold less than this share of a step's arrays beside them, for what they hand to each
    /// other: measured on PoCL, 4 % where layers are most of the model, and 26 % where a product's packed operand is
    /// as large as the logits of a vocabulary of 50,257.
    private static final long DEVICE_SHARE = 3;

    /// The memory for training on batches of `sequences` sequences of `length` tokens, all of it stored as `F32`.
    ///
    /// @param recompute as in [TrainingSettings]
    public static MemoryEstimate of(TransformerConfig config, int sequences, int length, boolean recompute) {
        return of(config, Storage.F32, sequences, length, recompute);
    }

    /// The memory for training on batches of `sequences` sequences of `length` tokens.
    ///
    /// @param recompute as in [TrainingSettings]
    public static MemoryEstimate of(
            TransformerConfig config, Storage storage, int sequences, int length, boolean recompute) {
        PlanningBackend backend = new PlanningBackend();
        Arena arena = Arena.planning(backend::memoryless);
        TrainingSettings settings =
                TrainingSettings.standard(RunLength.steps(1), 1).withRecompute(recompute);
        Transformer model = Transformer.undrawn(config, backend, storage);
        Trainer trainer = new Trainer(model, settings, arena);
        trainer.accumulateGradients(new Batches(TokenSource.zeros(), sequences, length, 0), 1);
        // An evaluation takes more only if a step keeps very little.
        Batch batch = Batch.empty(sequences, length);
        arena.step(
                () -> GradientMode.off(() -> model.loss(batch.inputTensor(backend), batch.targetTensor(backend), null)
                        .item()));
        long largest = Math.max(backend.largestBytes(), arena.size().largestBytes());
        return new MemoryEstimate(backend.allocatedBytes(), backend.allocations(), largest, arena.size());
    }

    /// What one batch takes beside the parameters.
    public long activationBytes() {
        return arena.bytes();
    }

    /// What a step computes with: parameters and activations, to the byte.
    public long stepBytes() {
        return parameterBytes + activationBytes();
    }

    /// The Java heap that this takes under the garbage collector that runs here.
    public long bytes() {
        return bytes(CollectedHeap.current());
    }

    long bytes(CollectedHeap heap) {
        return heap.holding(stepBytes(), parameterArrays) + PROGRAM_BYTES;
    }

    /// What this takes of such a memory: of a heap [#bytes()], to which a limit adds the empty survivor space,
    /// of a device's a third more than a step computes with.
    public long bytes(ArrayMemory memory) {
        if (!memory.isHeap()) {
            return stepBytes() + stepBytes() / DEVICE_SHARE;
        }
        CollectedHeap heap = CollectedHeap.current();
        return bytes(heap) + (memory.isLimit() ? heap.emptyBytes() : 0);
    }

    /// Whether a model can be trained in such a memory.
    public boolean fits(ArrayMemory memory) {
        return bytes(memory) <= memory.bytes() && largestArray <= memory.largestArray();
    }

    /// The most of the machine's memory that a process holds which does nothing but train, the JVM included; empty if
    /// its collector does not say beforehand how much garbage it lets lie, as G1, the usual one, does not.
    /// `-XX:+UseSerialGC -Xmn32m` says it.
    ///
    /// @param programBytes that it holds beside a step's arrays and young objects
    public OptionalLong residentBytes(long programBytes) {
        return residentBytes(programBytes, CollectedHeap.current());
    }

    OptionalLong residentBytes(long programBytes, CollectedHeap heap) {
        long fixed = stepBytes() + stepBytes() / BOOKS_SHARE + programBytes;
        return heap.youngBytes().isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(fixed + heap.youngBytes().getAsLong());
    }

    /// One line for people.
    ///
    /// @param resident what the whole process will hold at most
    public String description(OptionalLong resident) {
        return String.format(
                Locale.ROOT,
                "a step takes %d MB: %d MB for weights, gradients and moments, %d MB for activations; the whole process %s",
                stepBytes() >> 20,
                parameterBytes >> 20,
                activationBytes() >> 20,
                resident.isEmpty()
                        ? "as much more as the garbage collector lets lie"
                        : "about " + (resident.getAsLong() >> 20) + " MB");
    }

    /// Throws if this does not fit into `memory`, with how much would do.
    ///
    /// @throws IllegalArgumentException if it does not
    public void requireFits(ArrayMemory memory) {
        if (!fits(memory)) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "this model takes about %d MB to train (%d MB parameters, %d MB activations)%s: %s, or choose a smaller"
                            + " --width, --layers or --batch%s",
                    Math.ceilDiv(bytes(memory), 1 << 20),
                    parameterBytes >> 20,
                    activationBytes() >> 20,
                    whyNot(memory),
                    memory.toHave(toAskFor(memory)),
                    activationBytes() > parameterBytes ? ", or --recompute" : ""));
        }
    }

    /// What is in the way of it, to go on a sentence.
    public String whyNot(ArrayMemory memory) {
        return bytes(memory) > memory.bytes()
                ? ", and there is " + memory.description()
                : ", " + (largestArray >> 20) + " MB of it in one piece, and the device allocates "
                        + (memory.largestArray() >> 20) + " MB at once";
    }

    /// The bytes to ask for where `memory` is too small: whole megabytes, and of a heap to start Java with a tenth more
    /// than is needed.
    public long toAskFor(ArrayMemory memory) {
        return memory.isHeap() && !memory.isLimit()
                ? wanted(memory.bytes(), CollectedHeap.current())
                : Math.ceilDiv(bytes(memory), 1 << 20) << 20;
    }

    /// A heap with a tenth to spare. The young objects' room may grow with the heap, in the proportion it has now.
    long wanted(long heapBytes, CollectedHeap heap) {
        long old = bytes(heap) - heap.young(stepBytes(), parameterArrays);
        return (long) (1.1 * old / (1 - heap.youngShare(heapBytes))) + (1 << 20);
    }
}
