package torrefy.model.plan;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import torrefy.core.backend.Backend;
import torrefy.core.data.UserCache;
import torrefy.model.architecture.TransformerConfig;
import torrefy.model.training.ProcessMemory;

/// What this machine is known to do: measured where a plan needs it, and kept in a [file][CalibrationFile] for the next
/// one. Another processor, JVM, number of threads, backend or version of this library is another machine.
public final class Calibration {

    private static final Duration FOR_THE_PEAK = Duration.ofMillis(400);

    /// One in so many parts of the budget is enough for a step's graph.
    private static final int GRAPH_SHARE = 20;

    private static final String PEAK = "peak";
    private static final String UNREST = "unrest";
    private static final String PROGRAM = "program";

    /// Of no interest but for what a process holds once it has trained.
    private static final StepSetup SMALL = StepSetup.of(TransformerConfig.gpt2(512, 64, 2, 1, 64), 2);

    private final Backend backend;
    private final Duration budget;
    private final Path file;
    private final String complaint;
    private final CalibrationFile.Contents known;
    private boolean hasMeasured;
    private boolean isReused;

    /// Of this process.
    private final Map<StepSetup, StepTrial> trials = new HashMap<>();

    private Calibration(Backend backend, Duration budget, Path file, String complaint, CalibrationFile.Contents known) {
        this.backend = backend;
        this.budget = budget;
        this.file = file;
        this.complaint = complaint;
        this.known = known;
    }

    /// Where it is kept for this user; empty if there is no such folder.
    public static Optional<Path> standardFile(Backend backend) {
        return UserCache.folder().map(folder -> folder.resolve(CalibrationFile.name(CalibrationFile.machine(backend))));
    }

    /// Takes up what is known.
    ///
    /// @param file to keep it in; empty to keep nothing
    /// @param anew whether to forget what it holds
    /// @param budget for measuring kernels, whatever is asked of this
    public static Calibration of(Backend backend, Optional<Path> file, boolean anew, Duration budget) {
        String machine = CalibrationFile.machine(backend);
        CalibrationFile.Contents known = CalibrationFile.Contents.none(machine);
        String complaint = "";
        if (file.isPresent() && !anew && Files.exists(file.get())) {
            try {
                CalibrationFile.Contents found = CalibrationFile.read(file.get());
                if (found.machine().equals(machine)) {
                    known = found;
                } else {
                    complaint = file.get() + " is of another machine: this one is measured";
                }
            } catch (IOException e) {
                complaint = e.getMessage() + ": the machine is measured again";
            }
        }
        return new Calibration(backend, budget, file.orElse(null), complaint, known);
    }

    /// What a step calls, and how long its graph takes.
    public RecordedStep recorded(StepSetup setup) {
        String name = "graph of " + setup;
        Double seconds = known.numbers().get(name);
        if (seconds != null) {
            return new RecordedStep(setup, RecordedStep.of(setup, Duration.ZERO).calls(), seconds);
        }
        Duration least = budget.dividedBy(GRAPH_SHARE);
        RecordedStep step = RecordedStep.of(
                setup, least.compareTo(RecordedStep.FOR_THE_GRAPH) < 0 ? least : RecordedStep.FOR_THE_GRAPH);
        learn(name, step.graphSeconds());
        return step;
    }

    /// How long the calls of `step` take, alone and in it. Those that are not known are measured, and those again
    /// that are known only roughly.
    ///
    /// @param share of the budget to spend on it
    public KernelTimes times(RecordedStep step, double share) {
        List<KernelCall> all = List.copyOf(step.calls().keySet());
        List<KernelCall> missing = missing(all);
        isReused |= missing.size() < all.size();
        if (!missing.isEmpty() || !known.numbers().containsKey(stretchOf(step.setup()))) {
            trial(step.setup(), missing, share);
        }
        Map<KernelCall, KernelTimes.Time> times = new LinkedHashMap<>();
        all.forEach(call -> times.put(call, known.kernels().get(call.toString())));
        return new KernelTimes(times, known.numbers().getOrDefault(UNREST, 1.0), stretch(step.setup()));
    }

    private List<KernelCall> missing(List<KernelCall> all) {
        return all.stream().filter(this::isUnknown).toList();
    }

    private boolean isUnknown(KernelCall call) {
        KernelTimes.Time time = known.kernels().get(call.toString());
        return time == null || time.isRough();
    }

    /// How many times longer kernels take in that step than alone.
    public double stretch(StepSetup setup) {
        Double kept = known.numbers().get(stretchOf(setup));
        return kept != null ? kept : trial(setup, List.of(), 1).stretch();
    }

    private static String stretchOf(StepSetup setup) {
        return "stretch of " + setup;
    }

    /// Tries that step, once a process. If there was time for a guess only, the next process does it again.
    private StepTrial trial(StepSetup setup, List<KernelCall> missing, double share) {
        StepTrial done = trials.get(setup);
        if (done != null) {
            return done;
        }
        StepTrial trial = StepTrial.of(backend, setup, missing, part(share));
        trials.put(setup, trial);
        if (!trial.isRough()) {
            learn(stretchOf(setup), trial.stretch());
        }
        Map<KernelCall, KernelTimes.Time> found =
                new LinkedHashMap<>(trial.times().all());
        found.keySet().removeIf(call -> !isUnknown(call));
        if (!found.isEmpty()) {
            found.forEach((call, time) -> known.kernels().put(call.toString(), time));
            learn(UNREST, Math.max(trial.times().unrest(), known.numbers().getOrDefault(UNREST, 1.0)));
        }
        return trial;
    }

    private Duration part(double share) {
        return Duration.ofNanos((long) (share * budget.toNanos()));
    }

    /// The bytes that a process that trains holds beside a step's arrays and young objects: machine code and what
    /// compiling a step took, classes, threads, and in the heap the scratch memory of kernels. To be asked when kernels
    /// were measured. Empty where [ProcessMemory#besideHeap] is.
    public OptionalLong programBytes() {
        Double kept = known.numbers().get(PROGRAM);
        if (kept != null || ProcessMemory.besideHeap().isEmpty()) {
            return kept == null ? OptionalLong.empty() : OptionalLong.of(kept.longValue());
        }
        if (trials.isEmpty()) {
            trial(SMALL, List.of(), 1);
        }
        long heap = ProcessMemory.liveHeap();
        return OptionalLong.of((long) learn(PROGRAM, ProcessMemory.besideHeap().getAsLong() + heap));
    }

    /// The machine's FMA peak, in FLOP/s.
    public double peak() {
        Double peak = known.numbers().get(PEAK);
        return peak != null ? peak : learn(PEAK, backend.measurePeak(FOR_THE_PEAK));
    }

    /// Bytes a second of writing a checkpoint into `folder`, until it is safe there.
    ///
    /// @throws IOException if nothing can be written there
    public double writeRate(Path folder) throws IOException {
        String name = "writing to " + Files.getFileStore(folder).toString().replaceAll("\\s+", " ");
        Double rate = known.numbers().get(name);
        return rate != null ? rate : learn(name, CheckpointCost.measureRate(folder));
    }

    private double learn(String name, double value) {
        known.numbers().put(name, value);
        hasMeasured = true;
        return value;
    }

    /// Keeps what was measured.
    ///
    /// @return in a line, what was measured, what was known, and where it is kept
    public String keep() {
        String where = file == null ? "not kept: there is no cache folder" : "kept in " + file;
        if (!hasMeasured) {
            return "as it was " + where + "; --recalibrate measures again";
        }
        if (file != null) {
            try {
                CalibrationFile.write(file, known);
            } catch (IOException e) {
                where = "not kept: " + e.getMessage();
            }
        }
        return String.format(
                "%s%s, %s",
                complaint.isEmpty() ? "" : complaint + "; ", isReused ? "in part measured now" : "measured now", where);
    }
}
