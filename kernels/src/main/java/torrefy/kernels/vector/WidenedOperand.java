package torrefy.kernels.vector;

import torrefy.core.memory.DataType;
import torrefy.core.memory.HostFloats;
import torrefy.core.memory.NdArray;
import torrefy.core.parallel.ParallelLoop;

/// A `BF16` operand copied to floats, for kernels that read none.
final class WidenedOperand {

    /// Elements in a piece of work.
    private static final int PIECE = 1 << 15;

    private final ParallelLoop loop;
    private final CallerMemory memory = new CallerMemory();

    WidenedOperand(ParallelLoop loop) {
        this.loop = loop;
    }

    /// `array`, if it holds floats; else a copy under the same layout, valid until this thread's next call.
    NdArray of(NdArray array) {
        if (array.type() != DataType.BF16) {
            return array;
        }
        int last = array.layout().offset();
        for (int axis = 0; axis < array.rank(); axis++) {
            last += Math.max(0, array.size(axis) - 1) * array.stride(axis);
        }
        int count = last + 1;
        short[] stored = array.bfloat16s();
        int from = array.start() - array.layout().offset();
        float[] widened = memory.atLeast(count);
        loop.run(Math.ceilDiv(count, PIECE), (piece, worker) -> {
            int at = piece * PIECE;
            Bfloat16Lanes.widen(widened, at, stored, from + at, Math.min(PIECE, count - at));
        });
        return new NdArray(HostFloats.over(widened), array.layout());
    }
}
