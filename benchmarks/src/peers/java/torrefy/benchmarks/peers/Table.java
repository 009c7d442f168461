package torrefy.benchmarks.peers;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.bytedeco.pytorch.global.torch;
import torrefy.core.parallel.FmaPeak;

/// The table, printed row by row as it comes.
///
/// In every row `ratio` is our speed over the faster peer's, and `share` what we reach of the machine's measured peak
/// of multiply-adds, or of its measured memory bandwidth.
final class Table {

    private final double peak;
    private final List<Double> ratios = new ArrayList<>();
    private double readBandwidth;
    private double readWriteBandwidth;
    private String group = "";
    private String wanted = "";

    Table() {
        int threads = Runtime.getRuntime().availableProcessors();
        if (Tuning.isWanted()) {
            torch.set_num_threads(threads);
        }
        peak = FmaPeak.measure(threads, Duration.ofSeconds(1));
        System.out.printf(
                Locale.ROOT,
                "%d processors, measured peak %.0f GFLOP/s; Java %s; libtorch %s on %s, %d threads%n",
                threads,
                peak * 1e-9,
                Runtime.version(),
                System.getProperty("pytorch.version", "?"),
                Tuning.settled(),
                torch.get_num_threads());
    }

    /// Operations a second, measured.
    double peak() {
        return peak;
    }

    /// Bytes a second that all threads read, measured when first asked for.
    double readBandwidth() {
        if (readBandwidth == 0) {
            measureBandwidth();
        }
        return readBandwidth;
    }

    /// Bytes a second that all threads read and write, measured when first asked for.
    double readWriteBandwidth() {
        if (readWriteBandwidth == 0) {
            measureBandwidth();
        }
        return readWriteBandwidth;
    }

    private void measureBandwidth() {
        Bandwidth bandwidth = Bandwidth.measure(Runtime.getRuntime().availableProcessors());
        readBandwidth = bandwidth.read();
        readWriteBandwidth = bandwidth.readWrite();
        System.out.printf(
                Locale.ROOT,
                "memory: %.1f GB/s read, %.1f GB/s read and written%n",
                readBandwidth * 1e-9,
                readWriteBandwidth * 1e-9);
    }

    /// From now on only rows are measured whose name contains `part`.
    void restrict(String part) {
        wanted = part;
    }

    /// Whether a row is to be measured.
    boolean wants(String name) {
        return name.contains(wanted);
    }

    /// Begins a group of rows.
    void head(String name, String unit) {
        printSummary();
        group = name;
        System.out.printf(
                "%n%-44s %9s %9s %9s %7s %7s%n", name + ", " + unit, "Torrefy", "BLAS", "libtorch", "ratio", "share");
    }

    /// A row of rates: more is better.
    ///
    /// @param work what one call does, in the head's unit times seconds
    /// @param seconds of ours, BLAS, libtorch; NaN for none
    /// @param share of peak or bandwidth, in [0, 1]; NaN for none
    void rates(String name, double work, double[] seconds, double share) {
        print(name, work / seconds[0], work / seconds[1], work / seconds[2], seconds, share);
    }

    /// A row of milliseconds: less is better.
    void times(String name, double[] seconds, double share) {
        print(name, seconds[0] * 1e3, seconds[1] * 1e3, seconds[2] * 1e3, seconds, share);
    }

    private void print(String name, double ours, double blas, double libtorch, double[] seconds, double share) {
        double best = Double.isNaN(seconds[1]) ? seconds[2] : Math.min(seconds[1], seconds[2]);
        double ratio = best / seconds[0];
        ratios.add(ratio);
        System.out.printf(
                Locale.ROOT,
                "%-44s %9s %9s %9s %7.2f %7s%n",
                name,
                number(ours),
                number(blas),
                number(libtorch),
                ratio,
                Double.isNaN(share) ? "" : String.format(Locale.ROOT, "%.0f %%", 100 * share));
    }

    private static String number(double value) {
        if (Double.isNaN(value)) {
            return "";
        }
        return String.format(Locale.ROOT, value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : "%.2f", value);
    }

    /// Ends a group of rows.
    void printSummary() {
        if (ratios.isEmpty()) {
            return;
        }
        double logarithms = ratios.stream().mapToDouble(Math::log).sum();
        double least = ratios.stream().mapToDouble(ratio -> ratio).min().orElseThrow();
        System.out.printf(
                Locale.ROOT,
                "%-74s %7.2f, least %.2f%n",
                group + ": geometric mean of the ratios",
                Math.exp(logarithms / ratios.size()),
                least);
        ratios.clear();
    }
}
