package torrefy.model.plan;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import torrefy.core.backend.PlanningBackend;
import torrefy.core.memory.Arena;
import torrefy.model.architecture.Transformer;
import torrefy.model.optimizer.AdamW;
import torrefy.model.optimizer.Schedule;
import torrefy.model.training.Batches;
import torrefy.model.training.RunLength;
import torrefy.model.training.TokenSource;
import torrefy.model.training.Trainer;
import torrefy.model.training.TrainingListener;
import torrefy.model.training.TrainingSettings;

/// Every kernel that a training step calls, found by training on a backend that computes nothing and listening. There
/// is no formula to keep up with the model: what is counted is what is called.
///
/// @param setup of the step
/// @param calls how often the step makes each call, in the order of their first appearance
/// @param graphSeconds what is left of a step when kernels take no time: building the graph, walking it back
public record RecordedStep(StepSetup setup, Map<KernelCall, Integer> calls, double graphSeconds) {

    /// Long enough for the compiler to have seen the graph's code.
    static final Duration FOR_THE_GRAPH = Duration.ofMillis(400);

    public RecordedStep {
        calls = Collections.unmodifiableMap(new LinkedHashMap<>(calls));
    }

    /// Records a step of `setup`, and times it without its kernels.
    public static RecordedStep of(StepSetup setup) {
        return of(setup, FOR_THE_GRAPH);
    }

    /// @param forTheGraph how long to look at how long that takes
    static RecordedStep of(StepSetup setup, Duration forTheGraph) {
        Map<KernelCall, Integer> calls = new LinkedHashMap<>();
        boolean[] listens = new boolean[1];
        PlanningBackend backend = new PlanningBackend((kernel, arguments) -> {
            if (listens[0]) {
                calls.merge(KernelCall.of(kernel, arguments), 1, Integer::sum);
            }
        });
        Transformer model = Transformer.undrawn(setup.config(), backend, setup.storage());
        // Before the first step gradients are set to zero; from the second on, steps are alike.
        train(setup, model, RunLength.steps(2), report -> listens[0] = report.step() == 1);
        double[] fastest = {Double.MAX_VALUE};
        RunLength length = RunLength.until(System.nanoTime() + forTheGraph.toNanos());
        train(
                setup,
                model,
                length,
                report -> fastest[0] = Math.min(fastest[0], report.stepTime().toNanos() / 1e9));
        return new RecordedStep(setup, calls, fastest[0]);
    }

    private static void train(StepSetup setup, Transformer model, RunLength length, TrainingListener listener) {
        TrainingSettings settings = new TrainingSettings(
                length,
                new Schedule(1e-3f, 0, 1),
                AdamW.Settings.standard(),
                1.0,
                setup.accumulation(),
                0,
                setup.recompute());
        PlanningBackend backend = (PlanningBackend) model.backend();
        new Trainer(model, settings, new Arena(backend::memoryless))
                .train(new Batches(TokenSource.zeros(), setup.sequences(), setup.length(), 0), listener);
    }

    /// FLOPs of all products and of attention in the step.
    public double flops() {
        return calls.entrySet().stream()
                .mapToDouble(entry -> entry.getKey().flops() * entry.getValue())
                .sum();
    }
}
