package torrefy.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The launcher in a process of its own, to which the signals can be sent that a terminal sends. As on Linux.
final class ChildTorrefy {

    private ChildTorrefy() {}

    /// `env` takes back what a shell without job control does to processes in the background: they ignore `SIGINT`.
    static ProcessBuilder of(List<String> arguments) {
        List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT"));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Torrefy.class.getName()));
        command.addAll(arguments);
        return new ProcessBuilder(command);
    }

    /// What Ctrl-C does.
    static void interrupt(Process process) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start();
        assertEquals(0, kill.waitFor());
    }
}
