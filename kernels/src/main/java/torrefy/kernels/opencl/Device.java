package torrefy.kernels.opencl;

import java.util.Locale;
import java.util.Optional;
import org.jocl.cl_device_id;
import org.jocl.cl_platform_id;

/// One OpenCL device and its limits.
///
/// @param index among all devices of all platforms, from 0
/// @param vendor who made it, or its driver
/// @param units that compute side by side
/// @param memory of the device, in bytes
/// @param largestBuffer that can be allocated, in bytes
/// @param localMemory of a work-group, in bytes
/// @param largestGroup the most work-items of a work-group
/// @param vectorWidth the floats of a register, where the device is a processor
record Device(
        int index,
        String name,
        String platformName,
        String vendor,
        String version,
        String driver,
        boolean isGpu,
        int units,
        long memory,
        long largestBuffer,
        long localMemory,
        long largestGroup,
        int vectorWidth,
        boolean isAvailable,
        boolean hasCompiler,
        boolean isLittleEndian,
        boolean hasDoubles,
        cl_platform_id platform,
        cl_device_id id) {

    /// The least a device must offer.
    private static final long LEAST_LOCAL_MEMORY = 16 << 10;

    private static final long LEAST_GROUP = 64;
    private static final long LEAST_BUFFER = 16 << 20;

    /// Why no model can be trained on it, in one line; empty if one can.
    Optional<String> whyUnsuitable() {
        if (!isAvailable) {
            return Optional.of("it is not available now");
        }
        if (!hasCompiler) {
            return Optional.of("its driver has no compiler for OpenCL C");
        }
        if (!isLittleEndian) {
            return Optional.of("it is big-endian");
        }
        if (!version.startsWith("OpenCL ") || version.startsWith("OpenCL 1.0") || version.startsWith("OpenCL 1.1")) {
            return Optional.of("it offers " + version + ", needed is OpenCL 1.2");
        }
        if (localMemory < LEAST_LOCAL_MEMORY) {
            return Optional.of("it has " + localMemory + " bytes of local memory, needed are " + LEAST_LOCAL_MEMORY);
        }
        if (largestGroup < LEAST_GROUP) {
            return Optional.of("its work-groups have at most " + largestGroup + " items, needed are " + LEAST_GROUP);
        }
        if (largestBuffer < LEAST_BUFFER) {
            return Optional.of("its buffers have at most " + largestBuffer + " bytes, needed are " + LEAST_BUFFER);
        }
        return Optional.empty();
    }

    /// The same device, taken for a GPU or for a processor. Either form of the kernels runs on every device; which is
    /// the faster one is all that the kind decides.
    Device takenForGpu(boolean asGpu) {
        return new Device(
                index,
                name,
                platformName,
                vendor,
                version,
                driver,
                asGpu,
                units,
                memory,
                largestBuffer,
                localMemory,
                largestGroup,
                vectorWidth,
                isAvailable,
                hasCompiler,
                isLittleEndian,
                hasDoubles,
                platform,
                id);
    }

    /// One line for people.
    String description() {
        return String.format(
                Locale.ROOT,
                "%s (%s, %s), %d compute units, %d MB, buffers up to %d MB",
                name,
                isGpu ? "GPU" : "CPU",
                platformName,
                units,
                memory >> 20,
                largestBuffer >> 20);
    }
}
