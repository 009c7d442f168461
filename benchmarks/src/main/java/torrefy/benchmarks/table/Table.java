package torrefy.benchmarks.table;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// The table, printed row by row as it comes.
///
/// In every row `ratio` is the first contender's speed over that of the fastest other, and `share` what the first
/// reaches of the machine's measured peak
/// of multiply-adds, or of its measured memory bandwidth.
public final class Table {

    private final double peak;
    private final List<Double> ratios = new ArrayList<>();
    private double readBandwidth;
    private double readWriteBandwidth;
    private String group = "";
    private String wanted = "";

    /// @param peak operations a second of the machine's multiply-adds, measured
    public Table(double peak) {
        this.peak = peak;
    }

    /// Operations a second, measured.
    public double peak() {
        return peak;
    }

    /// Bytes a second that all threads read, measured when first asked for.
    public double readBandwidth() {
        if (readBandwidth == 0) {
            measureBandwidth();
        }
        return readBandwidth;
    }

    /// Bytes a second that all threads read and write, measured when first asked for.
    public double readWriteBandwidth() {
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
    public void restrict(String part) {
        wanted = part;
    }

    /// Whether a row is to be measured.
    public boolean wants(String name) {
        return name.contains(wanted);
    }

    /// Begins a group of rows.
    ///
    /// @param contenders their names, at least two; the first is the one whom it is about
    public void head(String name, String unit, String... contenders) {
        printSummary();
        group = name;
        StringBuilder line = new StringBuilder(String.format("%n%-44s", name + ", " + unit));
        for (String contender : contenders) {
            line.append(String.format(" %9s", contender));
        }
        System.out.println(line.append(String.format(" %7s %7s", "ratio", "share")));
    }

    /// A row of rates: more is better.
    ///
    /// @param work what one call does, in the head's unit times seconds
    /// @param seconds of the head's contenders; NaN for none
    /// @param share of peak or bandwidth, in [0, 1] but for other precisions; NaN for none
    public void rates(String name, double work, double[] seconds, double share) {
        print(name, Arrays.stream(seconds).map(each -> work / each).toArray(), seconds, share);
    }

    /// A row of milliseconds: less is better.
    public void times(String name, double[] seconds, double share) {
        print(name, Arrays.stream(seconds).map(each -> each * 1e3).toArray(), seconds, share);
    }

    private void print(String name, double[] shown, double[] seconds, double share) {
        double best = Arrays.stream(seconds)
                .skip(1)
                .filter(each -> !Double.isNaN(each))
                .min()
                .orElse(Double.NaN);
        double ratio = best / seconds[0];
        ratios.add(ratio);
        StringBuilder line = new StringBuilder(String.format("%-44s", name));
        for (double number : shown) {
            line.append(String.format(" %9s", number(number)));
        }
        String percent = Double.isNaN(share) ? "" : String.format(Locale.ROOT, "%.0f %%", 100 * share);
        System.out.println(line.append(String.format(Locale.ROOT, " %7.2f %7s", ratio, percent)));
    }

    private static String number(double value) {
        if (Double.isNaN(value)) {
            return "";
        }
        return String.format(Locale.ROOT, value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : "%.2f", value);
    }

    /// Ends a group of rows.
    public void printSummary() {
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
