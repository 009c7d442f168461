package torrefy.benchmarks.opencl;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import torrefy.benchmarks.Workload;
import torrefy.benchmarks.table.Table;
import torrefy.core.backend.Backend;
import torrefy.core.backend.Backends;

/// How long a fresh JVM takes from `main` to the end of the first step of the quickstart's model. The device's programs
/// are in the user's cache by then: the first of the JVMs does not count.
public final class FirstStep {

    private static final int JVMS = 5;

    private FirstStep() {}

    /// The program of the fresh JVM: prints seconds.
    ///
    /// @param args the backend's name
    public static void main(String[] args) {
        long start = System.nanoTime();
        try (Backend backend = Backends.create(args[0], Runtime.getRuntime().availableProcessors())) {
            Workload.named("small").step(backend).run();
            System.out.println((System.nanoTime() - start) * 1e-9);
        }
    }

    static void measure(Table table, Contenders contenders) {
        table.head("from main to the end of the first step", "ms", "opencl", "vector");
        double[][] seconds = new double[2][JVMS];
        for (int jvm = -1; jvm < JVMS; jvm++) {
            for (int i = 0; i < 2; i++) {
                double measured = freshJvm(i == 0 ? "opencl" : "vector");
                if (jvm >= 0) {
                    seconds[i][jvm] = measured;
                }
            }
        }
        for (double[] each : seconds) {
            Arrays.sort(each);
        }
        table.times("the quickstart's model", new double[] {seconds[0][JVMS / 2], seconds[1][JVMS / 2]}, Double.NaN);
    }

    private static double freshJvm(String backend) {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), FirstStep.class.getName(), backend));
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (process.waitFor() != 0) {
                throw new IllegalStateException("the first step on " + backend + " failed in a fresh JVM");
            }
            return Double.parseDouble(output);
        } catch (IOException e) {
            throw new IllegalStateException("no fresh JVM could be started: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while measuring", e);
        }
    }
}
