package torrefy.model.plan;

import java.util.ArrayList;
import java.util.List;

/// What was measured again and again, and what of it counts: the runs during which the [compiler was
/// quiet][CompilerWatch], or where they are few the later half.
final class Runs {

    /// The lower quartile: what disturbs a run only ever makes it longer.
    private static final double COUNTED = 0.25;

    private static final double TYPICAL = 0.5;

    private static final int FEW = 8;

    private final List<Double> all = new ArrayList<>();
    private final List<Double> quiet = new ArrayList<>();

    void add(double run, boolean isQuiet) {
        all.add(run);
        if (isQuiet) {
            quiet.add(run);
        }
    }

    int size() {
        return all.size();
    }

    double last() {
        return all.getLast();
    }

    /// What a quarter of the runs are not longer than; of few, the shortest.
    double counted() {
        return all.size() < FEW ? quantile(all, 0) : quantile(settled(), COUNTED);
    }

    /// What half of the runs are not longer than.
    double typical() {
        return quantile(settled(), TYPICAL);
    }

    private List<Double> settled() {
        return quiet.size() >= FEW ? quiet : all.subList(all.size() / 2, all.size());
    }

    private static double quantile(List<Double> runs, double share) {
        return runs.stream().sorted().toList().get((int) ((runs.size() - 1) * share));
    }
}
