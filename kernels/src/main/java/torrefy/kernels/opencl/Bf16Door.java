package torrefy.kernels.opencl;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import torrefy.core.backend.MatmulKernels;
import torrefy.core.data.FileHash;
import torrefy.core.data.UserCache;

/// A way to the units that multiply bfloat16 numbers. OpenCL C has no word for them; one kind of device is reached
/// through inline assembly of one kind, another through another: each is a door, and has kernels of its own.
///
/// Whether a door is open cannot be asked, neither the driver's compiler nor the device, and where it is closed the
/// process may die of the attempt. So it is tried in another process, see [Trial], once for every device and driver,
/// and the answer is kept in the user's cache.
enum Bf16Door {

    /// An instruction of AVX-512, on processors, by inline assembly that PoCL hands on to LLVM. LLVM's own function for
    /// it is none: behind an attribute that allows it, the compiler ends the process.
    X86(Bf16X86Matmul.PROGRAM) {
        @Override
        boolean fits(Device device) {
            return !device.isGpu() && Set.of("amd64", "x86_64").contains(System.getProperty("os.arch"));
        }

        @Override
        MatmulKernels matmul(Queue queue) {
            return new Bf16X86Matmul(queue);
        }

        /// The driver's name for a processor may be that of a whole family.
        @Override
        String hardware() {
            try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
                return lines.filter(line -> line.startsWith("flags"))
                        .findFirst()
                        .orElse("");
            } catch (IOException e) {
                return "";
            }
        }
    },

    /// An instruction of the tensor cores, on NVIDIA's GPUs of compute capability 8.0 and later, by inline PTX. Which
    /// GPUs those are, no name has to say: the compilers of all others refuse the assembly.
    NVIDIA(Bf16NvidiaMatmul.PROGRAM) {
        @Override
        boolean fits(Device device) {
            return device.isGpu();
        }

        @Override
        MatmulKernels matmul(Queue queue) {
            return new Bf16NvidiaMatmul(queue);
        }
    };

    private static final Duration LIMIT = Duration.ofSeconds(60);

    /// What this process knows already, by [#key].
    private static final Map<String, Verdict> KNOWN = new ConcurrentHashMap<>();

    private final String program;

    Bf16Door(String program) {
        this.program = program;
    }

    /// Whether this is a door for that kind of device.
    abstract boolean fits(Device device);

    /// The products behind the door. Where it is closed, they may kill this process.
    abstract MatmulKernels matmul(Queue queue);

    /// What tells devices of one name apart, as far as the door is concerned.
    String hardware() {
        return "";
    }

    /// The door for this kind of device, open or closed.
    static Optional<Bf16Door> of(Device device) {
        return Arrays.stream(values()).filter(door -> door.fits(device)).findFirst();
    }

    /// Why matrix products in bfloat16 cannot be had on this device, in one line; empty if they can. The first call may
    /// take seconds.
    static Optional<String> whyClosed(Device device) {
        return of(device)
                .map(door -> door.verdict(device).whyClosed())
                .orElse(Optional.of("no way is known to make a device of this kind multiply bfloat16 numbers"));
    }

    /// The door for this device, which is open.
    ///
    /// @throws IllegalArgumentException if there is none, or it is closed; the message says why
    static Bf16Door open(Device device) {
        whyClosed(device).ifPresent(reason -> {
            throw new IllegalArgumentException("the OpenCL device " + device.index() + ", " + device.name()
                    + ", cannot multiply in bfloat16: " + reason);
        });
        return of(device).orElseThrow();
    }

    private Verdict verdict(Device device) {
        return KNOWN.computeIfAbsent(key(device), key -> {
            Trial trial =
                    new Trial(Bf16Trial.class, List.of(name(), String.valueOf(device.index()), device.name()), LIMIT);
            return UserCache.folder()
                    .map(folder -> Verdict.remembered(folder.resolve(key), trial::verdict))
                    .orElseGet(trial::verdict);
        });
    }

    /// A file's name made from everything on which the answer depends.
    private String key(Device device) {
        MessageDigest digest = FileHash.sha256();
        for (String part : List.of(
                device.name(),
                device.platformName(),
                device.version(),
                device.driver(),
                hardware(),
                Programs.source("common.cl"),
                Programs.source(program))) {
            digest.update(part.getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0);
        }
        String hash = HexFormat.of().formatHex(digest.digest(), 0, 16);
        return "bf16-" + name().toLowerCase(Locale.ROOT) + "-" + hash;
    }
}
