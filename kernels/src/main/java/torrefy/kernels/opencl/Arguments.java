package torrefy.kernels.opencl;

import java.util.ArrayList;
import java.util.List;
import torrefy.core.memory.NdArray;

/// The arguments of a kernel, in order. An array is two of them: the memory, and where in it the array begins.
final class Arguments {

    private final List<Object> all = new ArrayList<>();

    static Arguments of(Object... values) {
        return new Arguments().and(values);
    }

    Arguments and(Object... values) {
        for (Object value : values) {
            if (value instanceof Boolean flag) {
                all.add(flag ? 1 : 0);
            } else {
                all.add(value);
            }
        }
        return this;
    }

    /// An array that is read, or null where none is wanted.
    Arguments in(NdArray array) {
        if (array == null) {
            return and((Object) null).and(0);
        }
        return and(buffer(array), start(array));
    }

    /// An array that is written.
    Arguments out(NdArray array) {
        if (array != null) {
            buffer(array).memory().forgetUploaded();
        }
        return in(array);
    }

    Object[] toArray() {
        return all.toArray();
    }

    /// @throws IllegalArgumentException if the array is not in an OpenCL device's memory
    static DeviceBuffer buffer(NdArray array) {
        if (array.buffer() instanceof DeviceBuffer buffer) {
            return buffer;
        }
        throw new IllegalArgumentException("expected an array in the memory of an OpenCL device, got "
                + array.shape() + " in a " + array.buffer().getClass().getSimpleName()
                + "; an operation takes tensors of one backend");
    }

    /// Where the array begins in its memory object, in elements.
    static int start(NdArray array) {
        return buffer(array).start() + array.layout().offset();
    }
}
