package torrefy.kernels.opencl;

import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jocl.CL;
import org.jocl.CLException;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_command_queue;
import org.jocl.cl_context;
import org.jocl.cl_context_properties;
import org.jocl.cl_device_id;
import org.jocl.cl_kernel;
import org.jocl.cl_mem;
import torrefy.core.memory.DataType;
import torrefy.core.memory.NdArray;
import torrefy.core.memory.OutOfMemoryException;

/// One device's memory and its work, in order: what is enqueued later sees what was enqueued before, and nobody waits
/// but who reads a result.
///
/// Transfers go through a direct buffer of a few megabytes: arrays of the Java heap never stand in a critical section
/// of JNI, where the garbage collector would have to wait for the device.
final class Queue implements AutoCloseable {

    private static final int STAGE = 4 << 20;

    private final Device device;
    private final int each;
    private final int rowGroup;
    private final int rowWidth;
    private final cl_context context;
    private final cl_command_queue queue;
    private final Programs programs;
    private final ByteBuffer stage = ByteBuffer.allocateDirect(STAGE).order(ByteOrder.LITTLE_ENDIAN);
    /// What is still to be closed; what was collected already drops out from time to time.
    private List<WeakReference<DeviceMemory>> memories = new ArrayList<>();

    private final AtomicLong uploads = new AtomicLong();
    private final AtomicLong downloads = new AtomicLong();
    private final AtomicLong allocated = new AtomicLong();
    private final ThreadLocal<Map<Temporary, DeviceBuffer>> temporaries =
            ThreadLocal.withInitial(() -> new EnumMap<>(Temporary.class));
    private volatile boolean closed;

    Queue(Device device) {
        this(device, ProgramCache.ofUser());
    }

    Queue(Device device, ProgramCache cache) {
        this.device = device;
        DeviceClass kind = DeviceClass.of(device);
        this.each = kind.each(device);
        this.rowGroup = kind.rowGroup(device);
        this.rowWidth = kind.rowWidth();
        cl_context_properties properties = new cl_context_properties();
        properties.addProperty(CL.CL_CONTEXT_PLATFORM, device.platform());
        context = CL.clCreateContext(properties, 1, new cl_device_id[] {device.id()}, null, null, null);
        queue = createQueue();
        programs = new Programs(device, context, cache);
    }

    @SuppressWarnings("deprecation")
    private cl_command_queue createQueue() {
        // The call that OpenCL 2.0 put in its place is missing in 1.2, which NVIDIA's older drivers have.
        return CL.clCreateCommandQueue(context, device.id(), 0, null);
    }

    Device device() {
        return device;
    }

    /// How many times something went to the device so far.
    long uploads() {
        return uploads.get();
    }

    /// How many times something came back.
    long downloads() {
        return downloads.get();
    }

    /// The bytes of memory that are held now.
    long allocatedBytes() {
        return allocated.get();
    }

    /// Memory for `length` elements, with unspecified contents.
    ///
    /// @throws OutOfMemoryException if the device has no such buffer
    synchronized DeviceBuffer allocate(DataType type, int length) {
        requireOpen();
        long bytes = Math.max(1, (long) length) * type.bytes();
        if (bytes > device.largestBuffer()) {
            throw new OutOfMemoryException(String.format(
                    "a buffer of %d MB is larger than the largest that the OpenCL device %s allocates, %d MB;"
                            + " make the model, the batch or the vocabulary smaller",
                    bytes >> 20, device.name(), device.largestBuffer() >> 20));
        }
        cl_mem memory;
        try {
            memory = CL.clCreateBuffer(context, CL.CL_MEM_READ_WRITE, bytes, null, null);
        } catch (CLException e) {
            throw new OutOfMemoryException("the OpenCL device " + device.name() + " has no room for another "
                    + (bytes >> 20) + " MB: " + e.getMessage());
        }
        DeviceMemory made = new DeviceMemory(this, memory, bytes, allocated);
        if (memories.size() % 1024 == 1023) {
            memories = new ArrayList<>(
                    memories.stream().filter(each -> each.get() != null).toList());
        }
        memories.add(new WeakReference<>(made));
        return new DeviceBuffer(made, type, 0, length);
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the OpenCL backend on " + device.name() + " was closed");
        }
    }

    /// Fills a buffer with one bit pattern in every element.
    void fill(DeviceBuffer buffer, int pattern) {
        if (buffer.length() == 0) {
            return;
        }
        requireOpen();
        buffer.memory().forgetUploaded();
        int bytes = buffer.type().bytes();
        CL.clEnqueueFillBuffer(
                queue,
                buffer.handle(),
                Pointer.to(new int[] {pattern}),
                bytes,
                (long) buffer.start() * bytes,
                (long) buffer.length() * bytes,
                0,
                null,
                null);
        Reference.reachabilityFence(buffer);
    }

    /// Copies `values` to the beginning of `buffer`.
    synchronized void upload(DeviceBuffer buffer, float[] values) {
        for (int from = 0; from < values.length; from += STAGE / 4) {
            int count = Math.min(STAGE / 4, values.length - from);
            stage.clear().asFloatBuffer().put(values, from, count);
            write(buffer, from, count);
        }
    }

    /// Copies `values` to the beginning of `buffer`.
    synchronized void upload(DeviceBuffer buffer, int[] values) {
        for (int from = 0; from < values.length; from += STAGE / 4) {
            int count = Math.min(STAGE / 4, values.length - from);
            stage.clear().asIntBuffer().put(values, from, count);
            write(buffer, from, count);
        }
    }

    private void write(DeviceBuffer buffer, int from, int count) {
        requireOpen();
        long at = 4L * (buffer.start() + (long) from);
        CL.clEnqueueWriteBuffer(queue, buffer.handle(), true, at, 4L * count, Pointer.to(stage), 0, null, null);
        Reference.reachabilityFence(buffer);
        uploads.incrementAndGet();
    }

    /// Copies the elements of a contiguous array to `out[at]` and on.
    synchronized void download(NdArray array, float[] out, int at) {
        for (int from = 0; from < array.elements(); from += STAGE / 4) {
            int count = Math.min(STAGE / 4, array.elements() - from);
            read(array, from, count);
            stage.clear().asFloatBuffer().get(out, at + from, count);
        }
    }

    /// Copies the elements of a contiguous array to `out[at]` and on.
    synchronized void download(NdArray array, int[] out, int at) {
        for (int from = 0; from < array.elements(); from += STAGE / 4) {
            int count = Math.min(STAGE / 4, array.elements() - from);
            read(array, from, count);
            stage.clear().asIntBuffer().get(out, at + from, count);
        }
    }

    private void read(NdArray array, int from, int count) {
        requireOpen();
        DeviceBuffer buffer = Arguments.buffer(array);
        long at = 4L * (buffer.start() + (long) array.layout().offset() + from);
        CL.clEnqueueReadBuffer(queue, buffer.handle(), true, at, 4L * count, Pointer.to(stage), 0, null, null);
        Reference.reachabilityFence(buffer);
        downloads.incrementAndGet();
    }

    /// Memory for what a kernel hands to the next one, with unspecified contents: the same each time this thread asks
    /// for this purpose, grown if need be. The queue being in order, it may be written again at once.
    ///
    /// @throws OutOfMemoryException if the device has no such buffer
    DeviceBuffer temporary(Temporary purpose, DataType type, long length) {
        if (length > Integer.MAX_VALUE) {
            throw new OutOfMemoryException("a kernel needs room for " + length
                    + " elements at once, and a buffer has at most " + Integer.MAX_VALUE
                    + "; make the model, the batch or the vocabulary smaller");
        }
        Map<Temporary, DeviceBuffer> mine = temporaries.get();
        DeviceBuffer buffer = mine.get(purpose);
        if (buffer == null || buffer.length() < length) {
            if (buffer != null) {
                buffer.memory().close();
            }
            buffer = allocate(type, (int) length);
            mine.put(purpose, buffer);
        }
        return buffer;
    }

    /// The options of a program whose kernels work row by row: see `common.cl`.
    String rowOptions() {
        return "-DGROUP=" + rowGroup + " -DWIDTH=" + rowWidth;
    }

    /// The floats of a register in these options.
    int rowWidth() {
        return rowWidth;
    }

    /// The work-items that share a row.
    int rowGroup() {
        return rowGroup;
    }

    /// Runs a kernel with at least one work-item for each of `count` numbers: it has to look whether its number is in.
    void each(String program, String options, String kernel, int count, Arguments arguments) {
        run(program, options, kernel, new long[] {up(count)}, new long[] {each}, arguments.toArray());
    }

    /// The same for pairs of numbers; the second is always in.
    void each(String program, String options, String kernel, int count, int second, Arguments arguments) {
        run(program, options, kernel, new long[] {up(count), second}, new long[] {each, 1}, arguments.toArray());
    }

    private long up(int count) {
        return Math.ceilDiv(count, each) * (long) each;
    }

    /// Runs a kernel with one group of [#rowGroup] items for each row.
    void rows(String program, String options, String kernel, int rows, Arguments arguments) {
        long[] items = {(long) rows * rowGroup};
        run(program, rowOptions() + options, kernel, items, new long[] {rowGroup}, arguments.toArray());
    }

    /// Runs a kernel over `global` work-items in groups of `local`; both have one number for each axis, of which
    /// the first counts fastest.
    void run(String program, String options, String kernel, long[] global, long[] local, Object... arguments) {
        for (long size : global) {
            if (size == 0) {
                return;
            }
        }
        requireOpen();
        cl_kernel made = programs.kernel(program, options, kernel);
        for (int i = 0; i < arguments.length; i++) {
            set(made, i, arguments[i]);
        }
        synchronized (this) {
            requireOpen();
            CL.clEnqueueNDRangeKernel(queue, made, global.length, null, global, local, 0, null, null);
        }
        // An argument holds no memory until the kernel is enqueued: it must not be collected before.
        Reference.reachabilityFence(arguments);
    }

    private static void set(cl_kernel kernel, int index, Object argument) {
        switch (argument) {
            case null -> CL.clSetKernelArg(kernel, index, Sizeof.cl_mem, null);
            case DeviceBuffer buffer -> CL.clSetKernelArg(kernel, index, Sizeof.cl_mem, Pointer.to(buffer.handle()));
            case LocalMemory memory -> CL.clSetKernelArg(kernel, index, memory.bytes(), null);
            case Integer number -> CL.clSetKernelArg(kernel, index, Sizeof.cl_int, Pointer.to(new int[] {number}));
            case Float number -> CL.clSetKernelArg(kernel, index, Sizeof.cl_float, Pointer.to(new float[] {number}));
            case Long number -> CL.clSetKernelArg(kernel, index, Sizeof.cl_long, Pointer.to(new long[] {number}));
            case int[] numbers ->
                CL.clSetKernelArg(kernel, index, (long) numbers.length * Sizeof.cl_int, Pointer.to(numbers));
            default -> throw new AssertionError("no kernel argument: " + argument.getClass());
        }
    }

    /// Waits until everything that was enqueued has happened.
    void finish() {
        requireOpen();
        CL.clFinish(queue);
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        CL.clFinish(queue);
        for (WeakReference<DeviceMemory> memory : memories) {
            DeviceMemory made = memory.get();
            if (made != null) {
                made.close();
            }
        }
        programs.close();
        CL.clReleaseCommandQueue(queue);
        CL.clReleaseContext(context);
    }
}
