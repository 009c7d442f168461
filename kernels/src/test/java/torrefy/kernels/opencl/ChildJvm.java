package torrefy.kernels.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// What a program printed that ran in a JVM of its own, with the flags of this one: for what is decided when a native
/// library is loaded, once for each process.
record ChildJvm(List<String> output, List<String> errors) {

    /// Fails if the program does.
    ///
    /// @param folder for what it prints
    static ChildJvm run(Class<?> main, String classPath, Map<String, String> environment, Path folder)
            throws IOException, InterruptedException {
        Path output = folder.resolve("output");
        Path errors = folder.resolve("errors");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", classPath, main.getName()));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(output.toFile()).redirectError(errors.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        if (!process.waitFor(2, TimeUnit.MINUTES)) {
            process.destroyForcibly().waitFor();
            fail("still running after 2 minutes: " + Files.readString(errors));
        }
        assertEquals(0, process.exitValue(), Files.readString(errors));
        return new ChildJvm(Files.readAllLines(output), Files.readAllLines(errors));
    }

    static String classPath() {
        return System.getProperty("java.class.path");
    }
}
