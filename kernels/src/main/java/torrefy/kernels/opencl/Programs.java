package torrefy.kernels.opencl;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jocl.CL;
import org.jocl.CLException;
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

    private final Device device;
    private final cl_context context;
    private final Map<Program, cl_program> programs = new HashMap<>();
    private final List<cl_kernel> kernels = new ArrayList<>();
    private final ThreadLocal<Map<Kernel, cl_kernel>> mine = ThreadLocal.withInitial(HashMap::new);

    Programs(Device device, cl_context context) {
        this.device = device;
        this.context = context;
    }

    /// This thread's kernel object.
    cl_kernel kernel(String file, String options, String name) {
        return mine.get().computeIfAbsent(new Kernel(new Program(file, options), name), this::make);
    }

    private synchronized cl_kernel make(Kernel kernel) {
        cl_program program = programs.computeIfAbsent(kernel.program, this::build);
        cl_kernel made = CL.clCreateKernel(program, kernel.name, null);
        kernels.add(made);
        return made;
    }

    private cl_program build(Program program) {
        String source = source("common.cl") + source(program.file);
        return build(device, context, program.file, source, "-cl-std=CL1.2 " + program.options);
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

    @Override
    public synchronized void close() {
        kernels.forEach(CL::clReleaseKernel);
        programs.values().forEach(CL::clReleaseProgram);
    }
}
