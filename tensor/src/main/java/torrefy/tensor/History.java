package torrefy.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import torrefy.core.memory.Arena;
import torrefy.core.memory.Buffer;
import torrefy.tensor.op.Op;

/// How a tensor was computed, and the memory that is held until backward has passed it: its values, as long as anybody
/// but the graph may read them, and what its op needs in backward.
final class History {

    /// What was recorded so far in the [#lean] computation that is running.
    private static final ScopedValue<List<Tensor>> RECORDED = ScopedValue.newInstance();

    private final Buffer value;
    private boolean holdsValue = true;
    private Op op;

    /// What the op needs in backward.
    private Buffer[] held = {};

    /// Of the memory of what the op saved, when it did.
    private int[] savedVersions;

    /// The history of a tensor that an op has just made.
    History(Tensor made) {
        value = made.buffer();
        value.retain();
        if (RECORDED.isBound()) {
            RECORDED.get().add(made);
        }
    }

    /// See [Tensor#lean].
    static Tensor lean(Supplier<Tensor> computation) {
        if (Arena.current() == null) {
            return computation.get();
        }
        List<Tensor> recorded = new ArrayList<>();
        Tensor result = ScopedValue.where(RECORDED, recorded).call(computation::get);
        for (Tensor tensor : recorded) {
            if (tensor != result) {
                tensor.letGo();
            } else if (RECORDED.isBound()) {
                // It is on the way to the result of the computation around this one.
                RECORDED.get().add(result);
            }
        }
        return result;
    }

    /// Takes `maker` for the op that made the tensor, in place of the one that was taken for it before.
    void record(Op maker) {
        releaseHeld();
        op = maker;
        held = neededBy(maker);
        for (Buffer buffer : held) {
            buffer.retain();
        }
        savedVersions = maker.saved().stream()
                .mapToInt(saved -> saved.buffer().version())
                .toArray();
    }

    /// The op's own memory, and what it saved, if that would otherwise go back before. Memory of an arena that nobody
    /// holds stays until the step's end.
    private static Buffer[] neededBy(Op op) {
        List<Buffer> needed = new ArrayList<>();
        for (Tensor own : op.own()) {
            needed.add(own.buffer());
        }
        for (Tensor saved : op.saved()) {
            Buffer buffer = saved.buffer();
            if (buffer.isLeased() && buffer.holders() > 0) {
                needed.add(buffer);
            }
        }
        return needed.toArray(Buffer[]::new);
    }

    private void releaseHeld() {
        for (Buffer buffer : held) {
            buffer.release();
        }
        held = new Buffer[0];
    }

    /// The op that made the tensor; null after backward has passed.
    Op op() {
        return op;
    }

    boolean isReleased() {
        return op == null;
    }

    /// See [Tensor#letGo].
    void letGo() {
        if (holdsValue) {
            holdsValue = false;
            value.release();
        }
    }

    /// Forgets the op after its backward, so that what it saved can be collected, and holds no memory any longer.
    void release() {
        releaseHeld();
        letGo();
        op = null;
        savedVersions = null;
    }

    /// Throws if a tensor that the op saved was changed in place since.
    void requireSavedUnchanged() {
        List<Tensor> saved = op.saved();
        for (int i = 0; i < savedVersions.length; i++) {
            int now = saved.get(i).buffer().version();
            if (now != savedVersions[i]) {
                throw new IllegalStateException("backward of " + op.label() + ": a tensor of shape "
                        + saved.get(i).shape() + " that it saved was changed in place afterwards ("
                        + (now - savedVersions[i])
                        + " times); change a detachedCopy() instead");
            }
        }
    }
}
