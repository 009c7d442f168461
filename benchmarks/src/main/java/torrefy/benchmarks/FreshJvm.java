package torrefy.benchmarks;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A Java process that runs one of our programs and is waited for.
///
/// @param code its exit code
/// @param lines what it printed
public record FreshJvm(int code, List<String> lines) {

    /// @param flags beside those of this JVM; they override
    /// @param program the class with `main`
    public static FreshJvm run(List<String> flags, Class<?> program, Object... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
        Arrays.stream(arguments).map(String::valueOf).forEach(command::add);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new FreshJvm(process.waitFor(), output.lines().toList());
    }

    /// What follows `word` on the line that begins with it.
    ///
    /// @throws IllegalStateException if there is none; the message is what was printed
    public String after(String word) {
        return lines.stream()
                .filter(line -> line.startsWith(word + " "))
                .map(line -> line.substring(word.length() + 1))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("a process said no '" + word + "': " + lines));
    }

    public boolean says(String words) {
        return lines.stream().anyMatch(line -> line.contains(words));
    }
}
