package torrefy.kernels.opencl;

import org.jocl.cl_mem;
import torrefy.core.memory.Buffer;
import torrefy.core.memory.DataType;

/// A stretch of a device's memory. Parts of it are the same memory object from another element on: kernels are told
/// both.
final class DeviceBuffer extends Buffer {

    private final DeviceMemory memory;
    private final int start;

    DeviceBuffer(DeviceMemory memory, DataType type, int start, int length) {
        super(type, length);
        this.memory = memory;
        this.start = start;
    }

    /// The memory object.
    ///
    /// @throws IllegalStateException if it was closed
    cl_mem handle() {
        return memory.handle();
    }

    DeviceMemory memory() {
        return memory;
    }

    /// Where this part begins, in elements.
    int start() {
        return start;
    }

    @Override
    public DeviceBuffer slice(int offset, int length) {
        return withLease(new DeviceBuffer(memory, type(), start + offset, length));
    }

    @Override
    protected void poison() {
        if (length() > 0 && type() != DataType.I32) {
            memory.queue().fill(this, -1);
        }
    }
}
