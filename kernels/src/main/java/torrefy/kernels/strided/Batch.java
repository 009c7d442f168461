package torrefy.kernels.strided;

import torrefy.core.memory.NdArray;

/// An array seen as a batch: its outer axes count members, its inner axes are one member.
public final class Batch {

    private Batch() {}

    /// How many members there are if the first `axes` axes count them.
    public static int size(NdArray array, int axes) {
        int size = 1;
        for (int axis = 0; axis < axes; axis++) {
            size *= array.size(axis);
        }
        return size;
    }

    /// Where, in the Java array behind `array`, the `member`-th member begins; the first `axes` axes count them in
    /// row-major order.
    public static int start(NdArray array, int axes, int member) {
        int start = array.start();
        int rest = member;
        for (int axis = axes - 1; axis >= 0; axis--) {
            int size = array.size(axis);
            start += rest % size * array.stride(axis);
            rest /= size;
        }
        return start;
    }
}
