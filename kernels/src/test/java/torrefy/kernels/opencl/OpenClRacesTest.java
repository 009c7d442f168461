package torrefy.kernels.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Runs the kernels on Oclgrind, a driver that interprets them and watches every access to memory: Price and
/// McIntosh-Smith, "Oclgrind: an extensible OpenCL device simulator", IWOCL 2015. A race, or a write past the end of an
/// array, mostly goes well on a real device, and no comparison of results finds it.
///
/// Its check for memory that nobody has written is left out: it reports vectors that are written element by element,
/// and ends the process at an instruction that it does not know, freeze.
///
/// What the driver finds does not reach the host but is written to a log. Which driver is used is decided when the
/// loader is loaded, by the environment; so the kernels run in a JVM of their own.
class OpenClRacesTest {

    private static final String DRIVER = "oclgrind/liboclgrind-rt-icd.so";
    private static final long MINUTES = 5;

    private static Path driver;

    @TempDir
    private Path folder;

    /// `TORREFY_REQUIRE_OPENCL` turns the lack of the driver from a reason to skip into a failure.
    @BeforeAll
    static void findDriver() throws IOException {
        Optional<Path> found = installed();
        if (found.isEmpty() && Boolean.parseBoolean(System.getenv("TORREFY_REQUIRE_OPENCL"))) {
            fail("there is no " + DRIVER + " below /usr/lib; on Debian and Ubuntu install oclgrind");
        }
        assumeTrue(found.isPresent(), "kernels are not checked for races: Oclgrind is not installed");
        driver = found.orElseThrow();
    }

    /// In Debian's folder for libraries, or in that of an architecture in it.
    private static Optional<Path> installed() throws IOException {
        Path libraries = Path.of("/usr/lib");
        if (!Files.isDirectory(libraries)) {
            return Optional.empty();
        }
        try (Stream<Path> inside = Files.list(libraries)) {
            return Stream.concat(Stream.of(libraries), inside)
                    .map(each -> each.resolve(DRIVER))
                    .filter(Files::isRegularFile)
                    .findFirst();
        }
    }

    private record Outcome(int exitCode, String output, String log) {}

    @ParameterizedTest
    @ValueSource(strings = {"cpu", "gpu"})
    void everyKernelRunsWithoutRacesAndWithinItsMemory(String form) throws Exception {
        Outcome outcome = run(form);
        assertEquals(0, outcome.exitCode, outcome.output);
        assertTrue(outcome.output.contains("Oclgrind"), outcome.output);
        assertEquals("", outcome.log);
    }

    /// That nothing is reported means something only if errors are.
    @ParameterizedTest
    @ValueSource(strings = {"writes_past_its_memory", "writes_one_place_at_once", "reads_what_another_writes"})
    void aBrokenKernelIsReported(String kernel) throws Exception {
        Outcome outcome = run("broken", kernel);
        assertEquals(0, outcome.exitCode, outcome.output);
        assertFalse(outcome.log.isBlank(), outcome.output);
        assertTrue(outcome.log.contains(kernel), outcome.log);
    }

    /// Runs [EveryKernel] in a JVM like this one.
    private Outcome run(String... arguments) throws IOException, InterruptedException {
        Files.writeString(Files.createDirectories(folder.resolve("vendors")).resolve("oclgrind.icd"), driver + "\n");
        Path log = folder.resolve("log");
        Path output = folder.resolve("output");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), EveryKernel.class.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment()
                .putAll(Map.of(
                        "OCL_ICD_VENDORS",
                        folder.resolve("vendors").toString(),
                        "OCLGRIND_LOG",
                        log.toString(),
                        "OCLGRIND_DATA_RACES",
                        "1",
                        "OCLGRIND_CHECK_API",
                        "1"));
        Process process = builder.start();
        if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
            process.destroyForcibly().waitFor();
            fail("still running after " + MINUTES + " minutes: " + Files.readString(output));
        }
        return new Outcome(
                process.exitValue(), Files.readString(output), Files.exists(log) ? Files.readString(log) : "");
    }
}
