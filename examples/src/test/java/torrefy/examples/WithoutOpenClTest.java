package torrefy.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import torrefy.core.backend.Backends;

/// The launcher on machines that lack something that OpenCL needs: whoever asked for a device is told in one line what
/// to install, and to everybody else it makes no difference.
class WithoutOpenClTest {

    /// What is missing, and what the user reads.
    enum Missing {
        LOADER(
                "no OpenCL loader can be loaded (libOpenCL.so.1); install one, on Debian and Ubuntu: ocl-icd-libopencl1"),
        DRIVER("the OpenCL loader knows no driver; install the card's, or pocl-opencl-icd for the processor"),
        JOCL("JOCL's jar is not on the class path; add the artifact org.jocl:jocl");

        private final String line;

        Missing(String line) {
            this.line = line;
        }
    }

    @TempDir
    private Path folder;

    /// The ways to take something away are those of Linux, and one thing only is missing where the rest is there.
    /// `TORREFY_REQUIRE_OPENCL` turns a skip into a failure.
    @BeforeAll
    static void requireOpenCl() {
        assumeTrue(System.getProperty("os.name").equals("Linux"), "loaders are looked for as on Linux");
        Optional<String> reason = Backends.providers().getFirst().whyUnavailable();
        boolean required = Boolean.parseBoolean(System.getenv("TORREFY_REQUIRE_OPENCL"));
        assumeTrue(reason.isEmpty() || required, () -> "OpenCL is missing already: " + reason.orElseThrow());
    }

    @ParameterizedTest
    @EnumSource
    void whoAsksForOpenClIsToldWhatToInstall(Missing missing) throws Exception {
        Captured run = torrefyWithout(missing, "lockstep", "--backend", "opencl");
        assertEquals(2, run.code(), run::toString);
        assertEquals("", run.out());
        assertTrue(
                run.complaint().startsWith("torrefy: the opencl backend cannot run here: " + missing.line),
                run::complaint);
    }

    @ParameterizedTest
    @EnumSource
    void whoDoesNotAskIsNotBothered(Missing missing) throws Exception {
        Captured run = torrefyWithout(missing, "lockstep", "--steps", "1");
        assertEquals(0, run.code(), run::toString);
        assertEquals("", run.err());
        List<String> begins =
                run.lines().stream().map(line -> line.replaceAll("[ :].*", "")).toList();
        assertEquals(List.of("vector", "vector", "step", "1"), begins, run::out);
    }

    @ParameterizedTest
    @EnumSource
    void infoSaysWhy(Missing missing) throws Exception {
        Captured run = torrefyWithout(missing, "info");
        assertEquals(0, run.code(), run::toString);
        assertEquals("", run.err());
        assertTrue(run.out().contains("Backend    opencl  not available: " + missing.line), run::out);
    }

    /// Runs the launcher in a JVM like this one. The environment and the class path decide what it finds.
    private Captured torrefyWithout(Missing missing, String... arguments) throws IOException, InterruptedException {
        String classPath = System.getProperty("java.class.path");
        if (missing == Missing.JOCL) {
            classPath = Arrays.stream(classPath.split(File.pathSeparator))
                    .filter(entry -> !entry.contains("jocl"))
                    .collect(Collectors.joining(File.pathSeparator));
        }
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", classPath, Torrefy.class.getName()));
        command.addAll(List.of(arguments));
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        switch (missing) {
            case LOADER -> {
                // The first of that name in the search, and no library.
                Files.createFile(folder.resolve("libOpenCL.so.1"));
                builder.environment().put("LD_LIBRARY_PATH", folder.toString());
            }
            case DRIVER -> builder.environment().put("OCL_ICD_VENDORS", folder.toString());
            case JOCL -> {}
        }
        Process process = builder.start();
        if (!process.waitFor(2, TimeUnit.MINUTES)) {
            process.destroyForcibly().waitFor();
            fail("still running after 2 minutes: " + Files.readString(err));
        }
        // The JVM itself says that the vector module is incubating.
        String said = Files.readAllLines(err).stream()
                .filter(line -> !line.startsWith("WARNING: Using incubator modules"))
                .collect(Collectors.joining("\n"));
        return new Captured(process.exitValue(), Files.readString(out), said);
    }
}
