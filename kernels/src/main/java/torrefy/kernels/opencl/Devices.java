package torrefy.kernels.opencl;

import static org.jocl.CL.CL_DEVICE_AVAILABLE;
import static org.jocl.CL.CL_DEVICE_COMPILER_AVAILABLE;
import static org.jocl.CL.CL_DEVICE_DOUBLE_FP_CONFIG;
import static org.jocl.CL.CL_DEVICE_ENDIAN_LITTLE;
import static org.jocl.CL.CL_DEVICE_GLOBAL_MEM_SIZE;
import static org.jocl.CL.CL_DEVICE_LOCAL_MEM_SIZE;
import static org.jocl.CL.CL_DEVICE_MAX_COMPUTE_UNITS;
import static org.jocl.CL.CL_DEVICE_MAX_MEM_ALLOC_SIZE;
import static org.jocl.CL.CL_DEVICE_MAX_WORK_GROUP_SIZE;
import static org.jocl.CL.CL_DEVICE_NAME;
import static org.jocl.CL.CL_DEVICE_NATIVE_VECTOR_WIDTH_FLOAT;
import static org.jocl.CL.CL_DEVICE_TYPE;
import static org.jocl.CL.CL_DEVICE_TYPE_ALL;
import static org.jocl.CL.CL_DEVICE_TYPE_CPU;
import static org.jocl.CL.CL_DEVICE_VENDOR;
import static org.jocl.CL.CL_DEVICE_VERSION;
import static org.jocl.CL.CL_DRIVER_VERSION;
import static org.jocl.CL.CL_PLATFORM_NAME;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jocl.CL;
import org.jocl.CLException;
import org.jocl.Pointer;
import org.jocl.cl_device_id;
import org.jocl.cl_platform_id;

/// The OpenCL devices of this machine. To be used where [OpenClLibrary] has nothing to say against it.
final class Devices {

    /// `CL_PLATFORM_NOT_FOUND_KHR`: the loader knows no driver.
    private static final int NO_PLATFORM = -1001;

    private Devices() {}

    /// Found at first use.
    private static final class Found {
        static final List<Device> ALL = SignalHandlers.keptDuring(Devices::find);
    }

    /// Loads JOCL; says why no platform is there.
    static Optional<String> initialize() {
        CL.setExceptionsEnabled(true);
        String driver = "the OpenCL loader knows no driver; install the card's, or pocl-opencl-icd for the processor";
        int[] count = new int[1];
        try {
            SignalHandlers.keptDuring(() -> CL.clGetPlatformIDs(0, null, count));
        } catch (CLException e) {
            return Optional.of(e.getStatus() == NO_PLATFORM ? driver : "OpenCL does not answer: " + e.getMessage());
        }
        return count[0] == 0 ? Optional.of(driver) : Optional.empty();
    }

    /// All devices of all platforms; the place in the list is the number by which users choose.
    static List<Device> all() {
        return Found.ALL;
    }

    /// The devices that can train a model, GPUs first.
    static List<Device> suitable() {
        return all().stream()
                .filter(device -> device.whyUnsuitable().isEmpty())
                .sorted(Comparator.comparing((Device device) -> !device.isGpu()).thenComparing(Device::index))
                .toList();
    }

    static String whyNone() {
        return all().isEmpty()
                ? "no OpenCL platform has a device"
                : "no OpenCL device is suitable: "
                        + all().stream()
                                .map(device -> device.name() + ": "
                                        + device.whyUnsuitable().orElse(""))
                                .collect(Collectors.joining("; "));
    }

    /// The device with this number.
    ///
    /// @throws IllegalArgumentException if there is none, or it is unsuitable
    static Device named(String number) {
        int index;
        try {
            index = Integer.parseInt(number);
        } catch (NumberFormatException e) {
            index = -1;
        }
        if (index < 0 || index >= all().size()) {
            throw new IllegalArgumentException("there is no OpenCL device " + number + "; there are: "
                    + all().stream()
                            .map(device -> device.index() + " " + device.name())
                            .collect(Collectors.joining(", ")));
        }
        Device device = all().get(index);
        device.whyUnsuitable().ifPresent(reason -> {
            throw new IllegalArgumentException(
                    "OpenCL device " + device.index() + ", " + device.name() + ", cannot be used: " + reason);
        });
        return device;
    }

    private static List<Device> find() {
        int[] count = new int[1];
        CL.clGetPlatformIDs(0, null, count);
        cl_platform_id[] platforms = new cl_platform_id[count[0]];
        CL.clGetPlatformIDs(platforms.length, platforms, null);
        List<Device> devices = new ArrayList<>();
        for (cl_platform_id platform : platforms) {
            for (cl_device_id id : devicesOf(platform)) {
                devices.add(describe(devices.size(), platform, id));
            }
        }
        return List.copyOf(devices);
    }

    private static cl_device_id[] devicesOf(cl_platform_id platform) {
        int[] count = new int[1];
        try {
            CL.clGetDeviceIDs(platform, CL_DEVICE_TYPE_ALL, 0, null, count);
        } catch (CLException e) {
            if (e.getStatus() == CL.CL_DEVICE_NOT_FOUND) {
                return new cl_device_id[0];
            }
            throw e;
        }
        cl_device_id[] ids = new cl_device_id[count[0]];
        CL.clGetDeviceIDs(platform, CL_DEVICE_TYPE_ALL, ids.length, ids, null);
        return ids;
    }

    private static Device describe(int index, cl_platform_id platform, cl_device_id id) {
        return new Device(
                index,
                text(id, CL_DEVICE_NAME),
                platformName(platform),
                text(id, CL_DEVICE_VENDOR),
                text(id, CL_DEVICE_VERSION),
                text(id, CL_DRIVER_VERSION),
                (number(id, CL_DEVICE_TYPE) & CL_DEVICE_TYPE_CPU) == 0,
                (int) number(id, CL_DEVICE_MAX_COMPUTE_UNITS),
                number(id, CL_DEVICE_GLOBAL_MEM_SIZE),
                number(id, CL_DEVICE_MAX_MEM_ALLOC_SIZE),
                number(id, CL_DEVICE_LOCAL_MEM_SIZE),
                number(id, CL_DEVICE_MAX_WORK_GROUP_SIZE),
                (int) number(id, CL_DEVICE_NATIVE_VECTOR_WIDTH_FLOAT),
                number(id, CL_DEVICE_AVAILABLE) != 0,
                number(id, CL_DEVICE_COMPILER_AVAILABLE) != 0,
                number(id, CL_DEVICE_ENDIAN_LITTLE) != 0,
                number(id, CL_DEVICE_DOUBLE_FP_CONFIG) != 0,
                platform,
                id);
    }

    /// An answer of 4 or 8 bytes.
    private static long number(cl_device_id id, int question) {
        long[] answer = new long[1];
        CL.clGetDeviceInfo(id, question, size(id, question), Pointer.to(answer), null);
        return answer[0];
    }

    private static long size(cl_device_id id, int question) {
        long[] size = new long[1];
        CL.clGetDeviceInfo(id, question, 0, null, size);
        return size[0];
    }

    private static String text(cl_device_id id, int question) {
        byte[] bytes = new byte[(int) size(id, question)];
        CL.clGetDeviceInfo(id, question, bytes.length, Pointer.to(bytes), null);
        return text(bytes);
    }

    private static String platformName(cl_platform_id platform) {
        long[] size = new long[1];
        CL.clGetPlatformInfo(platform, CL_PLATFORM_NAME, 0, null, size);
        byte[] bytes = new byte[(int) size[0]];
        CL.clGetPlatformInfo(platform, CL_PLATFORM_NAME, bytes.length, Pointer.to(bytes), null);
        return text(bytes);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, 0, Math.max(0, bytes.length - 1), StandardCharsets.UTF_8).strip();
    }
}
