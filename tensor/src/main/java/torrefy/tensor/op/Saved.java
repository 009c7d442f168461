package torrefy.tensor.op;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import torrefy.core.memory.Buffer;
import torrefy.core.memory.DataType;
import torrefy.core.memory.NdArray;
import torrefy.tensor.GradientMode;
import torrefy.tensor.Tensor;

/// An activation that an op keeps for backward: the tensor itself or, inside [#as], a `BF16` copy of it, rounded to
/// nearest. Forward computes with the tensor in any case; backward reads [#values], floats again.
///
/// A tensor of which several ops keep a copy is copied once, if all of them are inside one [#as]. The tensor's own
/// memory goes back to the arena when it is [let go][Tensor#letGo]; until then there are both.
///
/// @param original what was kept, to send its gradient to; its values may be gone
/// @param kept where its values are kept: `original`, or the copy
public record Saved(Tensor original, Tensor kept) {

    private static final ScopedValue<Copies> COPIES = ScopedValue.newInstance();

    /// A copy, its memory, and the version of the original that it is of.
    private record Copied(Tensor copy, Buffer memory, int version) {

        /// Whether the ops that keep it are still there; memory that is no arena's stays anyway.
        boolean isThere() {
            return !memory.isLeased() || memory.holders() > 0;
        }
    }

    private record Copies(DataType type, Map<Tensor, Copied> byOriginal) {

        Tensor of(Tensor original) {
            Copied known = byOriginal.get(original);
            int version = original.data().buffer().version();
            if (known == null || known.version != version || !known.isThere()) {
                NdArray memory = Tensor.allocate(original.backend(), type, original.shape());
                original.backend().elementwise().copy(memory, original.data());
                known = new Copied(Tensor.of(original.backend(), memory), memory.buffer(), version);
                byOriginal.put(original, known);
            }
            return known.copy;
        }
    }

    /// `F32` is what activations are: none is ever copied.
    private static final Copies NO_COPIES = new Copies(DataType.F32, Map.of());

    /// Runs `body`; what ops keep of its activations they keep as `type`, `F32` or `BF16`.
    public static <T> T as(DataType type, Supplier<T> body) {
        if (type == DataType.I32) {
            throw new IllegalArgumentException("saved: activations are kept as F32 or BF16, not as I32");
        }
        Copies copies = type == DataType.F32 ? NO_COPIES : new Copies(type, new IdentityHashMap<>());
        return ScopedValue.where(COPIES, copies).call(body::get);
    }

    /// To be kept by an op that is being made.
    public static Saved of(Tensor tensor) {
        boolean copies = GradientMode.isOn()
                && COPIES.isBound()
                && COPIES.get().type == DataType.BF16
                && tensor.type() == DataType.F32;
        return new Saved(tensor, copies ? COPIES.get().of(tensor) : tensor);
    }

    /// In backward: the values as `F32`, in memory that goes back at its end if they are a copy's.
    public Tensor values() {
        return kept.to(DataType.F32);
    }

    /// For [Op#own]: the copies among `saved`, and `others`.
    public static List<Tensor> own(List<Saved> saved, Tensor... others) {
        List<Tensor> own = new ArrayList<>(saved.size() + others.length);
        for (Saved each : saved) {
            if (each.kept != each.original) {
                own.add(each.kept);
            }
        }
        own.addAll(Arrays.asList(others));
        return own;
    }
}
