package torrefy.model.training;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import torrefy.core.memory.Arena;
import torrefy.core.memory.NdArray;
import torrefy.core.random.RandomKey;
import torrefy.model.architecture.Transformer;
import torrefy.model.optimizer.AdamW;
import torrefy.model.optimizer.GradientNorm;
import torrefy.tensor.Segments;
import torrefy.tensor.Tensor;

/// The training loop: batch, loss, backward, clip, update, and again.
///
/// ```java
/// Trainer trainer = new Trainer(gpt, TrainingSettings.standard(RunLength.steps(100), 1e-3f));
/// trainer.train(new Batches(TokenSource.of(tokens), 8, 64, 1), report -> System.out.println(report.loss()));
/// ```
///
/// Every batch runs in an [Arena] of exactly the size that was [planned][MemoryEstimate], so that a steady-state step
/// allocates nothing but the graph's small objects. A step to which the [guard][DivergenceGuard] objects changes
/// nothing. A run may be interrupted between any two steps and go on elsewhere: see [TrainingState].
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
    private TrainingState state = TrainingState.START;
    private volatile boolean stopping;

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

    /// Trains from the beginning until the run is over, and tells `listeners` after every step.
    ///
    /// @return whether it is over; false if [#stop] ended it before
    /// @throws DivergenceException if the [guard][DivergenceGuard] leaves out too many steps in a row; the strict one
    ///     throws a [NonFiniteLossException] at the first
    public boolean train(Batches batches, TrainingListener... listeners) {
        return train(batches, TrainingState.START, listeners);
    }

    /// The same for the rest of a run that stood at `from`, and whose [#arrays] these are now.
    public boolean train(Batches batches, TrainingState from, TrainingListener... listeners) {
        arena.reserve(MemoryEstimate.of(
                        model.config(), model.storage(), batches.sequences(), batches.length(), settings.recompute())
                .arena());
        if (from.step() > 0) {
            optimizer.continueAfter(from.updates());
            model.parameters().changed();
        }
        // Each step leaves the gradients at zero; before the first they may be anything.
        model.parameters().zeroGradients();
        state = from;
        boolean over = settings.length().isOver(state.step());
        while (!over && !stopping) {
            long start = System.nanoTime();
            int step = state.step() + 1;
            float learningRate = settings.schedule().at(settings.length().progress(step));
            Optional<SkippedStep> skipped = takeStep(batches, step, learningRate);
            Duration stepTime = Duration.ofNanos(System.nanoTime() - start);
            over = settings.length().isOver(step);
            state = new TrainingState(
                    step,
                    state.updates() + (skipped.isPresent() ? 0 : 1),
                    state.tokens() + (long) batches.tokensPerBatch() * settings.accumulation(),
                    state.elapsed().plus(stepTime),
                    skipped.isPresent()
                            ? state.guard().afterSkip()
                            : settings.guard().after(state.guard(), outcome.loss(), outcome.norm()));
            Duration remaining = over ? Duration.ZERO : settings.length().remaining(step, state.elapsed());
            StepReport report = new StepReport(
                    step,
                    outcome.loss(),
                    outcome.norm(),
                    learningRate,
                    state.tokens(),
                    state.elapsed(),
                    stepTime,
                    remaining,
                    skipped);
            for (TrainingListener listener : listeners) {
                listener.onStep(report);
            }
        }
        stopping = false;
        model.backend().finish();
        return over;
    }

    /// One step: it moves the weights, or changes nothing. Its three numbers are read before the update, for which a
    /// device needs nobody to wait: it is at work on that while the next batch is made ready.
    private Optional<SkippedStep> takeStep(Batches batches, int step, float learningRate) {
        accumulateGradients(batches, step);
        GradientNorm.clip(outcome.clipping(), model.parameters(), (float) settings.clip());
        outcome.read();
        Optional<String> objection = settings.guard().objection(state.guard(), outcome.loss(), outcome.norm());
        if (objection.isEmpty()) {
            optimizer.step(learningRate, outcome.clipping());
            return Optional.empty();
        }
        int inARow = state.guard().inARow() + 1;
        if (inARow >= settings.guard().inARow()) {
            requireFinite(step);
            throw new DivergenceException(step, objection.get(), inARow);
        }
        model.parameters().zeroGradients();
        long[] starts = LongStream.range((step - 1L) * settings.accumulation(), (long) step * settings.accumulation())
                .flatMap(index -> LongStream.of(batches.starts(index)))
                .toArray();
        return Optional.of(new SkippedStep(objection.get(), starts, batches.length()));
    }

    /// Asks for an end after the step that is being taken. Any thread may.
    public void stop() {
        stopping = true;
    }

    /// Where the run stands: for listeners, and for whoever asks when it is over.
    public TrainingState state() {
        return state;
    }

    /// Everything that a step changes, by name, in the backend's own memory: each parameter by its own name, and its
    /// moments as `optimizer.m.NAME` and `optimizer.v.NAME`. Between two steps they may be copied, or overwritten
    /// before a [run goes on][#train(Batches, TrainingState, TrainingListener...)].
    public Map<String, NdArray> arrays() {
        Map<String, NdArray> arrays = new LinkedHashMap<>();
        model.parameters().all().forEach(parameter -> arrays.put(parameter.name(), parameter.data()));
        Map<String, AdamW.Moments> moments = optimizer.moments();
        moments.forEach((name, each) -> arrays.put("optimizer.m." + name, each.mean()));
        moments.forEach((name, each) -> arrays.put("optimizer.v." + name, each.meanSquare()));
        return arrays;
    }

    public Transformer model() {
        return model;
    }

    public TrainingSettings settings() {
        return settings;
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
            Segments documents = batch.documents(settings.documentStart());
            arena.step(() -> backward(lastKey, documents));
        }
    }

    private Void backward(RandomKey key, Segments documents) {
        Tensor loss = model.loss(tensors.inputs(), tensors.targets(), key, settings.recompute(), documents);
        Tensor part = loss.multiply(1f / settings.accumulation());
        outcome.addLoss(part);
        part.backward();
        return null;
    }

    private void requireFinite(int step) {
        FirstNonFinite first = new FirstNonFinite(model);
        if (!Float.isFinite(outcome.loss())) {
            throw new NonFiniteLossException(
                    step,
                    "the loss (" + outcome.loss() + ")",
                    arena.step(() -> first.layer(tensors.inputs(), lastKey)));
        }
        if (!Float.isFinite(outcome.norm())) {
            throw new NonFiniteLossException(step, "the gradient", first.gradient());
        }
    }
}
