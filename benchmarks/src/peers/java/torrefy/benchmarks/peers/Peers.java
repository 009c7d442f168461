package torrefy.benchmarks.peers;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.bytedeco.pytorch.global.torch;
import torrefy.benchmarks.table.Table;
import torrefy.core.parallel.FmaPeak;

/// The program: finds the settings under which the peers are fastest, starts a JVM with them, and prints one table.
///
/// A native library reads its settings when it is loaded, from the environment, which a Java program cannot change for
/// itself: hence the second JVM.
public final class Peers {

    private static final Map<String, Consumer<Table>> GROUPS = new LinkedHashMap<>();

    static {
        GROUPS.put("matmul", MatmulRows::measure);
        GROUPS.put("decoding", DecodingRows::measure);
        GROUPS.put("kernels", KernelRows::measure);
        GROUPS.put("adamw", AdamWRows::measure);
        GROUPS.put("step", StepRows::measure);
    }

    private Peers() {}

    /// @param args the groups of rows to measure, none for all; `step/T1024` for those rows of a group that are called
    /// so
    public static void main(String[] args) throws IOException, InterruptedException {
        List<String> groups = args.length == 0 ? List.copyOf(GROUPS.keySet()) : List.of(args);
        if (groups.equals(List.of("trial"))) {
            System.out.println(MatmulRows.trial());
            return;
        }
        for (String group : groups) {
            if (!GROUPS.containsKey(nameOf(group))) {
                System.err.println("no rows are called '" + group + "'; there are: " + GROUPS.keySet());
                System.exit(2);
            }
        }
        if (!Tuning.isSettled()) {
            System.exit(Tuning.settle().start(groups));
        }
        Table table = table();
        for (String group : groups) {
            String name = nameOf(group);
            table.restrict(group.substring(Math.min(group.length(), name.length() + 1)));
            GROUPS.get(name).accept(table);
        }
        table.printSummary();
        // The native thread pools would keep the JVM for a moment.
        System.exit(0);
    }

    private static Table table() {
        int threads = Runtime.getRuntime().availableProcessors();
        if (Tuning.isWanted()) {
            torch.set_num_threads(threads);
        }
        double peak = FmaPeak.measure(threads, Duration.ofSeconds(1));
        System.out.printf(
                Locale.ROOT,
                "%d processors, measured peak %.0f GFLOP/s; Java %s; libtorch %s on %s, %d threads%n",
                threads,
                peak * 1e-9,
                Runtime.version(),
                System.getProperty("pytorch.version", "?"),
                Tuning.settled(),
                torch.get_num_threads());
        return new Table(peak);
    }

    private static String nameOf(String group) {
        return group.split("/", 2)[0];
    }
}
