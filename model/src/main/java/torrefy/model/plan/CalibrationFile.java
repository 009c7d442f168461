package torrefy.model.plan;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.CRC32C;
import torrefy.core.backend.Backend;
import torrefy.core.data.AtomicFile;
import torrefy.core.data.Library;

/// What was measured on a machine, in a file: lines of words between tabs.
///
/// ```
/// torrefy calibration 4
/// machine   the processor, the JVM, the backend with its threads, the library
/// number    peak    4.012E11
/// kernel    1.25E-4    exact    MatmulKernels.matmul 0:F32(2048, 256)/256,1 …
/// sum       9a3c01ef
/// ```
///
/// The sum is the CRC-32C of everything before it: half a file, or one with a changed digit, is none.
final class CalibrationFile {

    /// The number is that of the file's form: of 1, kernels were taken to be as fast in a step as alone; of 3,
    /// large products were measured on few rows.
    private static final String ANY_TITLE = "torrefy calibration ";

    private static final String TITLE = ANY_TITLE + 4;
    private static final String MACHINE = "machine";
    private static final String NUMBER = "number";
    private static final String KERNEL = "kernel";
    private static final String SUM = "sum";
    private static final String ROUGH = "rough";
    private static final Path PROCESSORS = Path.of("/proc/cpuinfo");

    /// What a file holds.
    ///
    /// @param machine as [#machine] says it
    /// @param numbers by name
    /// @param kernels by what [KernelCall#toString] says
    record Contents(String machine, Map<String, Double> numbers, Map<String, KernelTimes.Time> kernels) {

        /// Nothing is known yet of this machine.
        static Contents none(String machine) {
            return new Contents(machine, new LinkedHashMap<>(), new LinkedHashMap<>());
        }
    }

    private CalibrationFile() {}

    /// Everything on which the figures depend: processor, JVM, backend with its threads, library.
    static String machine(Backend backend) {
        return String.join(
                " | ",
                processor(),
                System.getProperty("os.arch"),
                System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"),
                backend.description(),
                Library.NAME);
    }

    private static String processor() {
        try {
            return Files.readAllLines(PROCESSORS).stream()
                    .filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("");
        } catch (IOException e) {
            // Not Linux: the JVM and its number of threads have to do.
            return System.getenv().getOrDefault("PROCESSOR_IDENTIFIER", "");
        }
    }

    /// The name of the file for one machine.
    static String name(String machine) {
        return "calibration-" + sum(machine) + ".txt";
    }

    /// Reads a file.
    ///
    /// @throws IOException if it cannot be read, is not what was written, or was written in another form; the message
    ///     says which
    static Contents read(Path file) throws IOException {
        String text;
        try {
            text = Files.readString(file);
        } catch (IOException e) {
            throw new IOException(file + " cannot be read", e);
        }
        if (text.startsWith(ANY_TITLE) && !text.startsWith(TITLE + "\n")) {
            throw new IOException(file + " was written by another version of this program");
        }
        int last = text.lastIndexOf(SUM + "\t");
        if (!text.startsWith(TITLE + "\n")
                || last < 0
                || !text.substring(last).equals(SUM + "\t" + sum(text.substring(0, last)) + "\n")) {
            throw damaged(file);
        }
        try {
            return contents(text.substring(0, last));
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw damaged(file);
        }
    }

    private static Contents contents(String text) {
        Map<String, Double> numbers = new LinkedHashMap<>();
        Map<String, KernelTimes.Time> kernels = new LinkedHashMap<>();
        String machine = "";
        for (String line : text.lines().skip(1).toList()) {
            List<String> words = List.of(line.split("\t", -1));
            switch (words.get(0)) {
                case MACHINE -> machine = words.get(1);
                case NUMBER -> numbers.put(words.get(1), Double.parseDouble(words.get(2)));
                case KERNEL ->
                    kernels.put(
                            words.get(3),
                            new KernelTimes.Time(
                                    Double.parseDouble(words.get(1)),
                                    words.get(2).equals(ROUGH)));
                default -> throw new IllegalArgumentException(words.get(0));
            }
        }
        return new Contents(machine, numbers, kernels);
    }

    private static IOException damaged(Path file) {
        return new IOException(file + " is damaged");
    }

    static void write(Path file, Contents contents) throws IOException {
        StringBuilder text = new StringBuilder(TITLE + "\n" + MACHINE + "\t" + contents.machine + "\n");
        contents.numbers.forEach((name, value) -> text.append(NUMBER + "\t" + name + "\t" + value + "\n"));
        contents.kernels.forEach((call, time) -> text.append(
                KERNEL + "\t" + time.seconds() + "\t" + (time.isRough() ? ROUGH : "exact") + "\t" + call + "\n"));
        AtomicFile.write(file, text + SUM + "\t" + sum(text.toString()) + "\n");
    }

    private static String sum(String text) {
        CRC32C crc = new CRC32C();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return String.format(Locale.ROOT, "%08x", crc.getValue());
    }
}
