package torrefy.model.plan;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import torrefy.core.backend.ArrayMemory;
import torrefy.core.memory.DataType;
import torrefy.model.architecture.Storage;
import torrefy.model.architecture.TransformerConfig;
import torrefy.model.training.MemoryEstimate;

/// A way to train that fits into memory. Four knobs are turned until it does, in the order of what they cost:
///
/// 1. A step's batch is cut into more micro-batches: the same gradient but for rounding, in a little more time.
/// 2. Blocks are computed again in backward: the same bits for a micro-batch, in about a third more time. Chen et al.,
///    "Training deep nets with sublinear memory cost", arXiv 1604.06174.
/// 3. Activations, then moments, are stored as bf16: they are rounded.
/// 4. So are weights, which then have no more precise copy.
///
/// The tokens of a step, and so the steps of a run, stay what was wanted.
///
/// @param setup what fits
/// @param memory what it takes
/// @param turned the knobs that are not as wanted, each in words; empty if all are
public record MemoryPlan(StepSetup setup, MemoryEstimate memory, List<String> turned) {

    public MemoryPlan {
        turned = List.copyOf(turned);
    }

    /// The least change to `wanted` that lets it train in `memory`.
    ///
    /// @throws IllegalArgumentException if nothing does; the message tells how much memory would
    public static MemoryPlan fit(StepSetup wanted, ArrayMemory memory) {
        List<StepSetup> smallest = new ArrayList<>();
        for (Storage storage : storages(wanted.storage())) {
            for (boolean recompute : wanted.recompute() ? new boolean[] {true} : new boolean[] {false, true}) {
                smallest.add(with(wanted, storage, recompute, 1));
                Optional<StepSetup> fitting = largestMicroBatch(wanted, storage, recompute, memory);
                if (fitting.isPresent()) {
                    StepSetup setup = fitting.get();
                    List<Turn> turns = turns(wanted, setup);
                    return new MemoryPlan(
                            setup,
                            setup.memory(),
                            turns.stream().map(Turn::what).toList());
                }
            }
        }
        // Of a single layer recomputation may take more than it saves.
        StepSetup leastSetup = Collections.min(
                smallest, Comparator.comparingLong(setup -> setup.memory().bytes(memory)));
        MemoryEstimate least = leastSetup.memory();
        throw new IllegalArgumentException("this model cannot be trained here: even one sequence of "
                + wanted.length() + " tokens at a time, " + (leastSetup.recompute() ? "recomputed and " : "")
                + "stored as bf16, takes "
                + Math.ceilDiv(least.bytes(memory), 1 << 20) + " MB" + least.whyNot(memory) + "; "
                + memory.toHave(least.toAskFor(memory))
                + ", or choose a smaller --width, --layers, --vocab or --context");
    }

    private static List<Storage> storages(Storage wanted) {
        List<Storage> storages = new ArrayList<>();
        storages.add(wanted);
        storages.add(new Storage(wanted.weights(), wanted.moments(), DataType.BF16));
        storages.add(new Storage(wanted.weights(), DataType.BF16, DataType.BF16));
        storages.add(new Storage(DataType.BF16, DataType.BF16, DataType.BF16));
        return storages.stream().distinct().toList();
    }

    private static StepSetup with(StepSetup wanted, Storage storage, boolean recompute, int microBatch) {
        int parts = wanted.accumulation() * (wanted.sequences() / microBatch);
        return new StepSetup(wanted.config(), storage, microBatch, parts, wanted.length(), recompute);
    }

    /// Of the micro-batches that cut the wanted one evenly, the largest that fits: found by halving, because more
    /// sequences take more memory.
    private static Optional<StepSetup> largestMicroBatch(
            StepSetup wanted, Storage storage, boolean recompute, ArrayMemory memory) {
        int[] sizes = IntStream.rangeClosed(1, wanted.sequences())
                .filter(size -> wanted.sequences() % size == 0)
                .toArray();
        // sizes[fitting] fits, sizes[tooLarge] does not; at first neither is known, and the ends are asked before.
        int fitting = -1;
        int tooLarge = sizes.length;
        for (int next = sizes.length - 1; fitting + 1 < tooLarge; next = fitting < 0 ? 0 : (fitting + tooLarge) / 2) {
            if (fits(with(wanted, storage, recompute, sizes[next]), memory)) {
                fitting = next;
            } else {
                tooLarge = next;
            }
        }
        return fitting < 0 ? Optional.empty() : Optional.of(with(wanted, storage, recompute, sizes[fitting]));
    }

    private static boolean fits(StepSetup setup, ArrayMemory memory) {
        TransformerConfig config = setup.config();
        long widest = Math.max(
                Math.max(config.width(), config.feedForward().width()),
                3L * config.attention().queryChannels());
        // The widest activations are one array, and have to fit into one before they have to fit into memory.
        return widest * setup.sequences() * setup.length() <= Integer.MAX_VALUE
                && setup.memory().fits(memory);
    }

    /// @param what was turned
    /// @param effect on the training
    private record Turn(String what, String effect) {}

    private static List<Turn> turns(StepSetup wanted, StepSetup setup) {
        List<Turn> turns = new ArrayList<>();
        if (setup.sequences() != wanted.sequences()) {
            turns.add(new Turn(
                    "micro-batches of " + setup.sequences() + " instead of " + wanted.sequences() + " sequences, "
                            + setup.accumulation() + " a step",
                    "the same gradient but for rounding, in a little more time"));
        }
        if (setup.recompute() != wanted.recompute()) {
            turns.add(new Turn("blocks are computed again in backward", "the same bits, in about a third more time"));
        }
        Storage from = wanted.storage();
        Storage to = setup.storage();
        if (to.activations() != from.activations()) {
            turns.add(new Turn("activations stored as bf16", "they are rounded"));
        }
        if (to.moments() != from.moments()) {
            turns.add(new Turn("moments stored as bf16", "they are rounded"));
        }
        if (to.weights() != from.weights()) {
            turns.add(new Turn("weights stored as bf16", "they are rounded, and have no more precise copy"));
        }
        return turns;
    }

    /// The knobs that were turned from `wanted`, and what each does to the training, a line each.
    public List<String> effects(StepSetup wanted) {
        return turns(wanted, setup).stream()
                .map(turn -> turn.what() + ": " + turn.effect())
                .toList();
    }

    /// One line for people: what was turned, or that nothing had to be.
    public String description() {
        return turned.isEmpty() ? "fits as wanted" : "to fit into memory: " + String.join("; ", turned);
    }
}
