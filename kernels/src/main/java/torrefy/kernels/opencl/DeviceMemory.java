package torrefy.kernels.opencl;

import java.lang.ref.Cleaner;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jocl.CL;
import org.jocl.cl_mem;

/// One memory object of a device. Closed with its queue, or, as a net, when nobody holds it any more.
final class DeviceMemory {

    private static final Cleaner CLEANER = Cleaner.create();

    /// What is released; it must not know the memory it belongs to.
    private record Handle(cl_mem memory, AtomicBoolean closed, long bytes, AtomicLong allocated) implements Runnable {
        @Override
        public void run() {
            if (closed.compareAndSet(false, true)) {
                CL.clReleaseMemObject(memory);
                allocated.addAndGet(-bytes);
            }
        }
    }

    private final Queue queue;
    private final Handle handle;
    private final Cleaner.Cleanable cleanable;
    private volatile int[] uploaded;

    /// @param allocated counts the bytes that are held
    DeviceMemory(Queue queue, cl_mem memory, long bytes, AtomicLong allocated) {
        this.queue = queue;
        this.handle = new Handle(memory, new AtomicBoolean(), bytes, allocated);
        allocated.addAndGet(bytes);
        this.cleanable = CLEANER.register(this, handle);
    }

    Queue queue() {
        return queue;
    }

    cl_mem handle() {
        if (handle.closed.get()) {
            throw new IllegalStateException(
                    "this buffer of the OpenCL device " + queue.device().name() + " was closed, with its backend");
        }
        return handle.memory;
    }

    /// What was uploaded from the first element on, as long as nobody has written here since; null otherwise. Token ids
    /// are asked about on the host before they are used on the device, and need not come back for that.
    int[] uploaded() {
        return uploaded;
    }

    void keepUploaded(int[] values) {
        uploaded = values;
    }

    /// To be called before a kernel writes here.
    void forgetUploaded() {
        uploaded = null;
    }

    void close() {
        cleanable.clean();
    }
}
