package torrefy.benchmarks.opencl;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;
import torrefy.benchmarks.table.Table;

/// The program: prints the table, or the groups of rows that its arguments name.
public final class DeviceTable {

    private static final Map<String, BiConsumer<Table, Contenders>> GROUPS = new LinkedHashMap<>();

    static {
        GROUPS.put("matmul", MatmulRows::beside);
        GROUPS.put("step", StepRows::beside);
        GROUPS.put("bf16", DeviceTable::bf16);
        GROUPS.put("start", FirstStep::measure);
        GROUPS.put("curve", (table, contenders) -> LossCurves.print(contenders));
    }

    private DeviceTable() {}

    /// @param args the groups to print, none for all
    public static void main(String[] args) {
        List<String> groups = args.length == 0 ? List.copyOf(GROUPS.keySet()) : List.of(args);
        for (String group : groups) {
            if (!GROUPS.containsKey(group)) {
                System.err.println("no rows are called '" + group + "'; there are: " + GROUPS.keySet());
                System.exit(2);
            }
        }
        try (Contenders contenders = Contenders.open()) {
            double peak = contenders.opencl().measurePeak(Duration.ofSeconds(1));
            System.out.println(contenders.vector().description());
            System.out.println(contenders.opencl().description());
            System.out.printf(
                    Locale.ROOT,
                    "measured peak of the device %.0f GFLOP/s of f32 multiply-adds; Java %s%n",
                    peak * 1e-9,
                    Runtime.version());
            Table table = new Table(peak);
            groups.forEach(group -> GROUPS.get(group).accept(table, contenders));
            table.printSummary();
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    private static void bf16(Table table, Contenders contenders) {
        if (contenders.bf16() != null) {
            MatmulRows.bf16(table, contenders);
            StepRows.bf16(table, contenders);
        }
    }
}
