package torrefy.kernels.opencl;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jocl.CL;
import torrefy.core.backend.Backend;

/// Something that may kill the process that tries it, tried in a JVM of its own: a main class that prints the line of a
/// [Verdict] and exits with 0. If it does anything else, the verdict is that it died.
///
/// @param main what is run; this module and what it needs are on its class path
/// @param limit after which it is ended
record Trial(Class<?> main, List<String> arguments, Duration limit) {

    /// `128 + signal` of ILL, ABRT, BUS, SEGV. A process that was killed for want of memory is not among them: it may
    /// do better the next time.
    private static final Set<Integer> CRASHES = Set.of(132, 134, 135, 139);

    Verdict verdict() {
        Process process;
        try {
            process = start();
        } catch (IOException | URISyntaxException e) {
            return Verdict.closedForNow("no JVM could be started to try it in: " + e.getMessage());
        }
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                return Verdict.closedForNow("a trial of it did not end within " + limit.toSeconds() + " s");
            }
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return judge(process.exitValue(), output);
        } catch (IOException e) {
            return Verdict.closedForNow("the answer of a trial of it was lost: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Verdict.closedForNow("a trial of it was interrupted");
        } finally {
            process.destroyForcibly();
        }
    }

    private static Verdict judge(int exit, String output) {
        Optional<Verdict> answer =
                output.lines().flatMap(line -> Verdict.parse(line).stream()).findFirst();
        if (exit == 0 && answer.isPresent()) {
            return answer.get();
        }
        String reason = exit == 0
                ? "a trial of it ended without an answer"
                : "a process that tried it died, with exit code " + exit;
        return CRASHES.contains(exit) ? Verdict.closed(reason) : Verdict.closedForNow(reason);
    }

    private Process start() throws IOException, URISyntaxException {
        // Not the command of this process: if that is a launcher of the application's, it would start the application.
        String home = System.getProperty("java.home");
        Path java = Path.of(home == null ? "" : home, "bin", "java");
        if (!Files.isExecutable(java)) {
            throw new IOException("there is no " + java);
        }
        List<String> command = new ArrayList<>(List.of(
                java.toString(),
                "-XX:+IgnoreUnrecognizedVMOptions",
                // A crash is an answer here, and nothing to write a report about.
                "-XX:+SuppressFatalErrorMessage",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx128m",
                "--enable-native-access=ALL-UNNAMED",
                "-Duser.home=" + System.getProperty("user.home"),
                "-cp",
                classPath(),
                main.getName()));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
        // Options for the application's JVM, such as a debugger's.
        builder.environment().keySet().removeAll(Set.of("JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS"));
        Process process = builder.start();
        process.getOutputStream().close();
        return process;
    }

    /// From where the classes came that are needed, whether that was a class path or a module path.
    private String classPath() throws IOException, URISyntaxException {
        Set<String> path = new LinkedHashSet<>();
        for (Class<?> needed : List.of(main, Trial.class, Backend.class, CL.class)) {
            CodeSource source = needed.getProtectionDomain().getCodeSource();
            if (source == null) {
                throw new IOException("nobody knows where " + needed.getName() + " came from");
            }
            path.add(Path.of(source.getLocation().toURI()).toString());
        }
        return String.join(File.pathSeparator, path);
    }
}
