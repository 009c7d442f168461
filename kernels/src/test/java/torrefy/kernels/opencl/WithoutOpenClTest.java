package torrefy.kernels.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import torrefy.core.backend.Backends;

/// Machines that lack something: the loader, every driver, or JOCL's jar. What is there is decided when the loader and
/// the classes are loaded, so each is a JVM of its own, and what it prints is all that anybody may see.
class WithoutOpenClTest {

    @TempDir
    private Path folder;

    /// Asks what a program would ask.
    static final class Program {

        private Program() {}

        public static void main(String[] arguments) {
            OpenClBackendProvider provider = new OpenClBackendProvider();
            System.out.println(provider.whyUnavailable().orElse("available"));
            System.out.println(provider.devices());
            System.out.println(Backends.create("auto", 1).name());
            try {
                System.out.println(Backends.create("opencl", 1).name());
            } catch (IllegalArgumentException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    @Test
    void aLoaderThatIsNotInstalledIsNamedWithItsPackage() {
        String reason = OpenClLibrary.load("libNobodyHasThis.so.1").orElseThrow();
        assertEquals(1, reason.lines().count());
        assertTrue(reason.startsWith("no OpenCL loader can be loaded (libNobodyHasThis.so.1)"), reason);
        assertTrue(reason.contains("ocl-icd-libopencl1"), reason);
    }

    /// The file that comes first in the search is no library. Linux: elsewhere the path is searched in other ways.
    @Test
    void withoutALoaderAutoGoesOnWithTheProcessor() throws Exception {
        assumeTrue(System.getProperty("os.name").equals("Linux"), "loaders are looked for as on Linux");
        Files.createFile(folder.resolve("libOpenCL.so.1"));
        assertGoesOnWithout(
                "no OpenCL loader can be loaded (libOpenCL.so.1); install one, on Debian and Ubuntu: ocl-icd-libopencl1,"
                        + " and a driver: the card's, or pocl-opencl-icd for the processor",
                run(ChildJvm.classPath(), Map.of("LD_LIBRARY_PATH", folder.toString())));
    }

    @Test
    void withoutADriverAutoGoesOnWithTheProcessor() throws Exception {
        requireLoader();
        assertGoesOnWithout(
                "the OpenCL loader knows no driver; install the card's, or pocl-opencl-icd for the processor",
                run(ChildJvm.classPath(), Map.of("OCL_ICD_VENDORS", folder.toString())));
    }

    @Test
    void withoutJoclsJarAutoGoesOnWithTheProcessor() throws Exception {
        requireLoader();
        String without = Arrays.stream(ChildJvm.classPath().split(File.pathSeparator))
                .filter(entry -> !entry.contains("jocl"))
                .collect(Collectors.joining(File.pathSeparator));
        assertGoesOnWithout(
                "JOCL's jar is not on the class path; add the artifact org.jocl:jocl", run(without, Map.of()));
    }

    private static void assertGoesOnWithout(String reason, ChildJvm outcome) {
        String best = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent() ? "vector" : "scalar";
        assertEquals(
                List.of(reason, "[]", best, "the opencl backend cannot run here: " + reason),
                outcome.output(),
                outcome.errors()::toString);
        // The JVM itself says that the vector module is incubating.
        assertEquals(
                List.of(),
                outcome.errors().stream()
                        .filter(line -> !line.startsWith("WARNING: Using incubator modules"))
                        .toList());
    }

    /// Without a loader nothing is known about the rest. `TORREFY_REQUIRE_OPENCL` turns a skip into a failure.
    private static void requireLoader() {
        if (Boolean.parseBoolean(System.getenv("TORREFY_REQUIRE_OPENCL"))) {
            return;
        }
        try (Arena arena = Arena.ofConfined()) {
            SymbolLookup.libraryLookup(OpenClLibrary.loaderName(), arena);
        } catch (IllegalArgumentException missing) {
            assumeTrue(false, "there is no OpenCL loader");
        }
    }

    private ChildJvm run(String classPath, Map<String, String> environment) throws IOException, InterruptedException {
        return ChildJvm.run(Program.class, classPath, environment, folder);
    }
}
