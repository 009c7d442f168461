package torrefy.kernels.opencl;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jocl.CL;
import org.jocl.CLException;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_context;
import org.jocl.cl_device_id;
import org.jocl.cl_kernel;
import org.jocl.cl_program;

/// The programs of one device, built at first use: the `.cl` files beside these classes, each behind `common.cl` and
/// with options that name a variant.
///
/// A kernel object holds its arguments, so that two threads must not share one: each thread has its own.
final class Programs implements AutoCloseable {

    private record Program(String file, String options) {}

    private record Kernel(Program program, String name) {}

    /// A program, and under which key it is to be kept; null if it came from there.
    private record Built(cl_program program, String key) {}

    private final Device device;
    private final cl_context context;
    private final ProgramCache cache;
    private final Map<Program, Built> programs = new HashMap<>();
    private final List<cl_kernel> kernels = new ArrayList<>();
    private final ThreadLocal<Map<Kernel, cl_kernel>> mine = ThreadLocal.withInitial(HashMap::new);

    Programs(Device device, cl_context context, ProgramCache cache) {
        this.device = device;
        this.context = context;
        this.cache = cache;
    }

    /// This thread's kernel object.
    cl_kernel kernel(String file, String options, String name) {
        return mine.get().computeIfAbsent(new Kernel(new Program(file, options), name), this::make);
    }

    private synchronized cl_kernel make(Kernel kernel) {
        Built built = programs.computeIfAbsent(kernel.program, this::build);
        cl_kernel made = CL.clCreateKernel(built.program, kernel.name, null);
        kernels.add(made);
        return made;
    }

    private Built build(Program program) {
        String source = source("common.cl") + source(program.file);
        String options = "-cl-std=CL1.2 " + program.options;
        String key = ProgramCache.key(device, source, options);
        return cache.load(key)
                .flatMap(binary -> fromBinary(binary, options))
                .map(loaded -> new Built(loaded, null))
                .orElseGet(() -> new Built(build(device, context, program.file, source, options), key));
    }

    /// Empty if the driver does not take it.
    private Optional<cl_program> fromBinary(byte[] binary, String options) {
        cl_device_id[] devices = {device.id()};
        cl_program loaded = null;
        try {
            loaded = CL.clCreateProgramWithBinary(
                    context, 1, devices, new long[] {binary.length}, new byte[][] {binary}, new int[1], null);
            CL.clBuildProgram(loaded, 1, devices, options, null, null);
            return Optional.of(loaded);
        } catch (CLException e) {
            if (loaded != null) {
                CL.clReleaseProgram(loaded);
            }
            return Optional.empty();
        }
    }

    /// Empty if the driver does not give it.
    private static Optional<byte[]> binary(cl_program program) {
        try {
            long[] size = new long[1];
            CL.clGetProgramInfo(program, CL.CL_PROGRAM_BINARY_SIZES, Sizeof.size_t, Pointer.to(size), null);
            if (size[0] <= 0 || size[0] > Integer.MAX_VALUE - 8) {
                return Optional.empty();
            }
            byte[] binary = new byte[(int) size[0]];
            CL.clGetProgramInfo(program, CL.CL_PROGRAM_BINARIES, Sizeof.POINTER, Pointer.to(Pointer.to(binary)), null);
            return Optional.of(binary);
        } catch (CLException e) {
            return Optional.empty();
        }
    }

    /// @throws IllegalStateException if the source does not compile; the message holds the compiler's
    static cl_program build(Device device, cl_context context, String name, String source, String options) {
        cl_program built = CL.clCreateProgramWithSource(context, 1, new String[] {source}, null, null);
        try {
            CL.clBuildProgram(built, 1, new cl_device_id[] {device.id()}, options, null, null);
        } catch (CLException e) {
            CL.clReleaseProgram(built);
            throw new IllegalStateException("the OpenCL program " + name + " does not build on " + device.name() + " ("
                    + device.driver() + ") with " + options.strip() + ": "
                    + String.valueOf(e.getMessage()).strip());
        }
        return built;
    }

    static String source(String file) {
        try (InputStream in = Programs.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException("the jar lacks the OpenCL source " + file);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Now that they have run, programs are kept with all that the driver has made of them.
    @Override
    public synchronized void close() {
        kernels.forEach(CL::clReleaseKernel);
        for (Built built : programs.values()) {
            if (built.key != null) {
                binary(built.program).ifPresent(binary -> cache.save(built.key, binary));
            }
            CL.clReleaseProgram(built.program);
        }
    }
}
