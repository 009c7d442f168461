package torrefy.benchmarks.peers;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The settings of the peers, all of them read from the environment when the libraries are loaded.
///
/// @param name of the BLAS and its kernels
/// @param properties for the JVM
/// @param environment for its libraries
record Tuning(String name, List<String> properties, Map<String, String> environment) {

    private static final String SETTLED = "torrefy.peers.blas";

    private static final Tuning AS_IT_COMES = new Tuning("as it comes", List.of(), Map.of());

    /// What may be fastest. OpenBLAS knows a processor by its number: one that is newer than itself gets kernels for
    /// AVX2. MKL's fastest kernels are for Intel's processors.
    private static List<Tuning> candidates() {
        return List.of(
                tuned("OpenBLAS", List.of(), Map.of()),
                tuned("OpenBLAS with kernels SkylakeX", List.of(), Map.of("OPENBLAS_CORETYPE", "SkylakeX")),
                tuned(
                        "MKL",
                        List.of("-Dorg.bytedeco.openblas.load=mkl"),
                        // The OpenMP that libtorch runs on: two of them would fight for the processors.
                        Map.of("MKL_THREADING_LAYER", "GNU")));
    }

    private static Tuning tuned(String name, List<String> properties, Map<String, String> more) {
        String threads = String.valueOf(Runtime.getRuntime().availableProcessors());
        Map<String, String> environment = new LinkedHashMap<>(more);
        environment.put("OMP_NUM_THREADS", threads);
        environment.put("OPENBLAS_NUM_THREADS", threads);
        environment.put("MKL_NUM_THREADS", threads);
        // OpenBLAS has threads of its own beside OpenMP's. A thread that spins while it waits takes the processor from
        // the other library's; 2^14 cycles are some microseconds.
        environment.put("OMP_WAIT_POLICY", "PASSIVE");
        environment.put("OPENBLAS_THREAD_TIMEOUT", "14");
        // Else glibc gives each large tensor back to the system, and the next one comes page by page, cleared: two
        // thirds
        // of a training step's time.
        environment.put(
                "GLIBC_TUNABLES",
                "glibc.malloc.hugetlb=1:glibc.malloc.arena_max=1:glibc.malloc.mmap_max=0"
                        + ":glibc.malloc.trim_threshold=9223372036854775807");
        return new Tuning(name, properties, environment);
    }

    /// Whether this JVM was started by [#start].
    static boolean isSettled() {
        return System.getProperty(SETTLED) != null;
    }

    /// The settings of this JVM, for people.
    static String settled() {
        return System.getProperty(SETTLED, AS_IT_COMES.name);
    }

    /// Whether the peers are to be tuned.
    static boolean isWanted() {
        return !"false".equals(System.getProperty("peers.tuned"));
    }

    /// The fastest of the candidates on this machine, by a short trial of each.
    static Tuning settle() throws IOException, InterruptedException {
        if (!isWanted()) {
            return AS_IT_COMES;
        }
        Tuning best = AS_IT_COMES;
        double most = 0;
        for (Tuning candidate : candidates()) {
            double gigaflops = candidate.trial();
            System.out.printf("%-40s %7.0f GFLOP/s in a trial%n", candidate.name, gigaflops);
            if (gigaflops > most) {
                most = gigaflops;
                best = candidate;
            }
        }
        return best;
    }

    private double trial() throws IOException, InterruptedException {
        Process process = run(jvm(List.of("trial")).redirectOutput(Redirect.PIPE));
        String output = new String(process.getInputStream().readAllBytes()).strip();
        if (process.waitFor() != 0) {
            throw new IllegalStateException("the trial of " + name + " failed");
        }
        return Double.parseDouble(output.lines().reduce("", (first, last) -> last));
    }

    /// Measures in a JVM of its own; returns its exit status.
    int start(List<String> arguments) throws IOException, InterruptedException {
        return run(jvm(arguments)).waitFor();
    }

    /// A process that ends with this one, however that ends.
    private static Process run(ProcessBuilder builder) throws IOException {
        Process process = builder.start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
        return process;
    }

    private ProcessBuilder jvm(List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(properties);
        command.add("-D" + SETTLED + "=" + name);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Peers.class.getName()));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        builder.environment().putAll(environment);
        return builder;
    }
}
