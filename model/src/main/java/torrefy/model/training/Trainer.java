package torrefy.model.training;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import torrefy.core.memory.Arena;
import torrefy.core.memory.DataType;
import torrefy.core.random.RandomKey;
import torrefy.model.architecture.Transformer;
import torrefy.model.optimizer.AdamW;
import torrefy.model.optimizer.GradientNorm;
import torrefy.tensor.GradientMode;
import torrefy.tensor.Parameter;
import torrefy.tensor.Tensor;

/// The training loop: batch, loss, backward, clip, update, and again.
///
/// ```java
/// Trainer trainer = new Trainer(gpt, TrainingSettings.standard(RunLength.steps(100), 1e-3f));
/// trainer.train(new Batches(TokenSource.of(tokens), 8, 64, 1), report -> System.out.println(report.loss()));
/// ```
///
/// Every batch runs in an [Arena] of exactly the size that was [planned][MemoryEstimate], so that a steady-state step
/// allocates nothing but the graph's small objects. A step whose loss or gradient is not finite changes nothing and
/// ends
/// the run.
public final class Trainer {

    private final Transformer model;
    private final TrainingSettings settings;
    private final AdamW optimizer;
    private final Arena arena;
    private final StepOutcome outcome;
    private Batch batch;
    private BatchTensors tensors;
    /// Of the last batch's dropout.
    private RandomKey lastKey;
    private long nanosInListeners;

    public Trainer(Transformer model, TrainingSettings settings) {
        this(model, settings, new Arena(model.backend()::allocate));
    }

    /// @param arena the memory of its steps, free between two of them: an evaluator may compute in it, too
    public Trainer(Transformer model, TrainingSettings settings, Arena arena) {
        this.model = model;
        this.settings = settings;
        this.optimizer = new AdamW(
                model.parameters(), settings.optimizer(), model.storage().moments(), settings.seed());
        this.arena = arena;
        this.outcome = new StepOutcome(model.backend());
    }

    /// Trains until the run is over, and tells `listeners` after every step.
    ///
    /// @throws NonFiniteLossException if the loss or the gradient is not finite
    public void train(Batches batches, TrainingListener... listeners) {
        arena.reserve(MemoryEstimate.of(
                        model.config(), model.storage(), batches.sequences(), batches.length(), settings.recompute())
                .arena());
        long start = System.nanoTime();
        nanosInListeners = 0;
        long tokens = 0;
        int step = 0;
        boolean over = false;
        // Each step leaves the gradients at zero; before the first they may be anything.
        model.parameters().zeroGradients();
        while (!over) {
            step++;
            long stepStart = System.nanoTime();
            float learningRate = settings.schedule().at(settings.length().progress(step));
            accumulateGradients(batches, step);
            GradientNorm.clip(outcome.clipping(), model.parameters(), (float) settings.clip());
            outcome.spoilIfLossIsNotFinite();
            optimizer.step(learningRate, outcome.clipping());
            outcome.read();
            requireFinite(step);
            long now = System.nanoTime();
            tokens += (long) batches.tokensPerBatch() * settings.accumulation();
            Duration elapsed = Duration.ofNanos(now - start - nanosInListeners);
            over = settings.length().isOver(step);
            StepReport report = new StepReport(
                    step,
                    outcome.loss(),
                    outcome.norm(),
                    learningRate,
                    tokens,
                    elapsed,
                    Duration.ofNanos(now - stepStart),
                    over ? Duration.ZERO : settings.length().remaining(step, elapsed));
            for (TrainingListener listener : listeners) {
                listener.onStep(report);
            }
            nanosInListeners += System.nanoTime() - now;
        }
    }

    /// The most bytes of activations and their gradients that were in use at once.
    public long peakActivationBytes() {
        return arena.peakBytes();
    }

    /// Adds up the gradients of the step's batches, from zero, and their mean loss.
    void accumulateGradients(Batches batches, int step) {
        if (batch == null || batch.sequences() != batches.sequences() || batch.length() != batches.length()) {
            batch = Batch.empty(batches.sequences(), batches.length());
            tensors = new BatchTensors(model.backend(), batches.sequences(), batches.length());
        }
        outcome.clear();
        int parts = settings.accumulation();
        for (int part = 0; part < parts; part++) {
            long index = (long) (step - 1) * parts + part;
            batches.read(index, batch);
            tensors.fill(batch);
            lastKey = RandomKey.of(settings.seed()).derive("dropout").derive(index);
            arena.step(() -> backward(lastKey));
        }
    }

    private Void backward(RandomKey key) {
        Tensor loss = model.loss(tensors.inputs(), tensors.targets(), key, settings.recompute());
        Tensor part = loss.multiply(1f / settings.accumulation());
        outcome.addLoss(part);
        part.backward();
        return null;
    }

    private void requireFinite(int step) {
        if (!Float.isFinite(outcome.loss())) {
            throw new NonFiniteLossException(
                    step, "the loss (" + outcome.loss() + ")", arena.step(() -> firstNonFiniteLayer(lastKey)));
        }
        if (!Float.isFinite(outcome.norm())) {
            throw new NonFiniteLossException(step, "the gradient", firstNonFiniteGradient());
        }
    }

    /// Computes the step's layers once more, to the bit.
    private String firstNonFiniteLayer(RandomKey dropoutKey) {
        for (Parameter parameter : model.parameters().all()) {
            if (!isFinite(parameter)) {
                return "parameter " + parameter.name();
            }
        }
        List<String> places = new ArrayList<>();
        GradientMode.off(() -> model.observe(tensors.inputs(), dropoutKey, (name, activation) -> {
            if (places.isEmpty() && !isFinite(activation)) {
                places.add("layer " + name);
            }
        }));
        // The logits are not kept to be looked at, but nothing else is left.
        return places.isEmpty() ? "the logits" : places.get(0);
    }

    private String firstNonFiniteGradient() {
        return model.parameters().all().stream()
                .filter(parameter -> !isFinite(parameter.gradient()))
                .map(parameter -> "the gradient of " + parameter.name())
                .findFirst()
                .orElse("the sum of their squares");
    }

    private static boolean isFinite(Tensor tensor) {
        return tensor.backend()
                .reduction()
                .allFinite(tensor.to(DataType.F32).contiguous().data());
    }
}
