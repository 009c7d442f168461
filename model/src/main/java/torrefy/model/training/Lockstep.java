package torrefy.model.training;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import torrefy.core.backend.Backend;
import torrefy.core.memory.NdArray;
import torrefy.model.architecture.Transformer;
import torrefy.model.architecture.TransformerConfig;
import torrefy.model.optimizer.AdamW;
import torrefy.model.optimizer.GradientNorm;
import torrefy.tensor.GradientMode;
import torrefy.tensor.Parameter;
import torrefy.tensor.Tensor;

/// The same model trained on two backends: whether the second can be trusted as the first.
///
/// They round differently, so that losses differ in the last places, and a little more with every step. A kernel that
/// is wrong shows at once. Then [#firstDrift] computes one step on both from the same weights, and names the first
/// result that differs.
public final class Lockstep {

    /// Results of one step that differ by more than this share of their largest element were not only rounded.
    private static final double DRIFT = 1e-3;

    /// A step of both.
    public record Step(int number, float loss, float otherLoss) {

        /// `|Δloss|`; NaN if either is.
        public double difference() {
            return Math.abs((double) loss - otherLoss);
        }
    }

    private static final class Stopped extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private final TransformerConfig config;
    private final Batches batches;
    private final TrainingSettings settings;
    private final Backend trusted;
    private final Backend other;

    /// @param settings whose length is a number of steps
    public Lockstep(
            TransformerConfig config, Batches batches, TrainingSettings settings, Backend trusted, Backend other) {
        this.config = config;
        this.batches = batches;
        this.settings = settings;
        this.trusted = trusted;
        this.other = other;
    }

    /// Trains on both, and tells `listener` of every step.
    ///
    /// @param limit of the difference of losses
    /// @return the number of the first step that goes beyond it; empty if none does
    public Optional<Integer> run(double limit, Consumer<Step> listener) {
        List<Float> losses = new ArrayList<>();
        trainer(new Transformer(config, trusted, settings.seed())).train(batches, report -> losses.add(report.loss()));
        int[] failed = new int[1];
        try {
            trainer(new Transformer(config, other, settings.seed())).train(batches, report -> {
                Step step = new Step(report.step(), losses.get(report.step() - 1), report.loss());
                listener.accept(step);
                if (!(step.difference() <= limit)) {
                    failed[0] = report.step();
                    throw new Stopped();
                }
            });
        } catch (Stopped | NonFiniteLossException e) {
            return Optional.of(Math.max(1, failed[0]));
        }
        return Optional.empty();
    }

    private Trainer trainer(Transformer model) {
        return new Trainer(model, settings);
    }

    /// Computes step `number` on both backends from the weights that the trusted one has before it: activations in
    /// order, the loss, gradients from the output back, and the weights after AdamW.
    ///
    /// @return the name of the first result that differs, and by how much; empty if none does
    public Optional<String> firstDrift(int number) {
        Transformer model = new Transformer(config, trusted, settings.seed());
        if (number > 1) {
            try {
                trainer(model).train(batches, report -> {
                    if (report.step() == number - 1) {
                        throw new Stopped();
                    }
                });
            } catch (Stopped e) {
                // The weights are what they were before the step.
            }
        }
        // Before the step changes them.
        Transformer copy = copy(model);
        Map<String, float[]> expected = results(model, number);
        Map<String, float[]> actual = results(copy, number);
        for (Map.Entry<String, float[]> entry : expected.entrySet()) {
            double difference = difference(entry.getValue(), actual.get(entry.getKey()));
            if (!(difference <= DRIFT)) {
                return Optional.of(
                        String.format("%s differs by %.2g of its largest element", entry.getKey(), difference));
            }
        }
        return Optional.empty();
    }

    private Transformer copy(Transformer model) {
        Transformer copy = new Transformer(config, other, settings.seed());
        for (Parameter parameter : model.parameters().all()) {
            NdArray values = NdArray.of(other.upload(parameter.toFloats()), parameter.shape());
            other.elementwise().copy(copy.parameters().get(parameter.name()).data(), values);
        }
        return copy;
    }

    private Map<String, float[]> results(Transformer model, int number) {
        Map<String, float[]> results = new LinkedHashMap<>();
        Batch batch = batches.batch(number - 1);
        Backend backend = model.backend();
        GradientMode.off(() -> model.observe(
                batch.inputTensor(backend), null, (name, x) -> results.put("the output of " + name, x.toFloats())));
        model.parameters().zeroGradients();
        Tensor loss = model.loss(batch.inputTensor(backend), batch.targetTensor(backend), null);
        results.put("the loss", loss.toFloats());
        loss.backward();
        for (Parameter parameter : model.parameters().all().reversed()) {
            results.put(
                    "the gradient of " + parameter.name(), parameter.gradient().toFloats());
        }
        double norm = GradientNorm.of(model.parameters());
        results.put("the length of the gradient", new float[] {(float) norm});
        // An ε of 1 makes the step grow with the gradient. With a small one its sign decides, and that of a gradient
        // which is nothing but rounding is anybody's guess.
        new AdamW(model.parameters(), new AdamW.Settings(0.9f, 0.95f, 1, 0.1f))
                .step(1, GradientNorm.clip(norm, settings.clip()));
        for (Parameter parameter : model.parameters().all()) {
            results.put("AdamW's step of " + parameter.name(), parameter.toFloats());
        }
        return results;
    }

    private static double difference(float[] expected, float[] actual) {
        double largest = 0;
        double difference = 0;
        for (int i = 0; i < expected.length; i++) {
            largest = Math.max(largest, Math.abs(expected[i]));
            double here = Math.abs((double) expected[i] - actual[i]);
            difference = Double.isNaN(here) ? here : Math.max(difference, here);
            if (Double.isNaN(difference)) {
                return difference;
            }
        }
        return largest == 0 ? difference : difference / largest;
    }
}
