package torrefy.model.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import torrefy.core.backend.Backend;
import torrefy.core.backend.Backends;
import torrefy.model.EveryBackend;
import torrefy.model.Snapshot;
import torrefy.model.architecture.Transformer;
import torrefy.model.architecture.TransformerConfig;
import torrefy.tensor.GradientMode;
import torrefy.tensor.Parameter;
import torrefy.tensor.Tensor;

/// A listener damages the model after its second step; the third must stop, say where, and change nothing.
class NonFiniteLossTest {

    private static final int DAMAGED_AFTER = 2;

    @EveryBackend
    void aWeightThatIsNotANumberIsNamed(String backend) {
        NonFiniteLossException e = damage(backend, 0, model -> set(model, "h.1.mlp.c_fc.weight", 5, Float.NaN));
        assertEquals("parameter h.1.mlp.c_fc.weight", e.place());
    }

    @EveryBackend
    void theFirstOfSeveralIsNamed(String backend) {
        NonFiniteLossException e = damage(backend, 0, model -> {
            set(model, "ln_f.weight", 0, Float.POSITIVE_INFINITY);
            set(model, "h.0.ln_1.bias", 3, Float.NaN);
        });
        assertEquals("parameter h.0.ln_1.bias", e.place());
    }

    /// All weights are finite, but block 1 multiplies by more than a float holds.
    @EveryBackend
    void aLayerThatOverflowsIsNamed(String backend) {
        NonFiniteLossException e = damage(backend, 0, model -> fill(model, "h.1.ln_2.weight", 3e38f));
        assertEquals("layer h.1", e.place());
    }

    /// Dropout of one half doubles what it keeps: the embeddings overflow with it and not without.
    @EveryBackend
    void anOverflowThatOnlyDropoutMakesIsFoundToo(String backend) {
        NonFiniteLossException e = damage(backend, 0.5f, model -> fill(model, "wpe.weight", 3e38f));
        assertEquals("layer embeddings", e.place());
    }

    @EveryBackend
    void anOverflowInTheOutputLayerIsNamed(String backend) {
        NonFiniteLossException e = damage(backend, 0, model -> fill(model, "ln_f.bias", 3e38f));
        assertEquals("the logits", e.place());
    }

    /// The loss is huge but finite, and so is its gradient by the last block's output, about 1e22. The network inside
    /// that block is at 1e18, and its way out is closed by weights of 0: their gradient is the product of the two.
    @EveryBackend
    void aGradientThatOverflowsIsNamed(String backend) {
        NonFiniteLossException e = damage(backend, 0, model -> {
            fill(model, "ln_f.weight", 1e25f);
            fill(model, "h.1.mlp.c_fc.bias", 1e18f);
            fill(model, "h.1.mlp.c_proj.weight", 0);
        });
        assertTrue(e.getMessage().contains("the gradient is not finite"), e.getMessage());
        assertEquals("the gradient of h.1.mlp.c_proj.weight", e.place());
    }

    private static NonFiniteLossException damage(String backendName, float dropout, Consumer<Transformer> damage) {
        try (Backend backend = Backends.create(backendName, 2)) {
            Transformer model = new Transformer(TransformerConfig.gpt2(31, 13, 2, 2, 24, dropout), backend, 1);
            AtomicReference<Snapshot> before = new AtomicReference<>();
            Trainer trainer = new Trainer(model, TrainingSettings.standard(RunLength.steps(9), 1e-3f));
            Batches batches = new Batches(TokenSource.of(TrainerTest.text(400)), 3, 13, 1);
            NonFiniteLossException e = assertThrows(
                    NonFiniteLossException.class,
                    () -> trainer.train(batches, report -> {
                        if (report.step() == DAMAGED_AFTER) {
                            damage.accept(model);
                            before.set(new Snapshot(model));
                        }
                    }));
            assertEquals(DAMAGED_AFTER + 1, e.step());
            assertTrue(e.getMessage().startsWith("step 3: "), e.getMessage());
            assertTrue(e.getMessage().contains(e.place()), e.getMessage());
            assertEquals(1, e.getMessage().lines().count());
            before.get().assertSame(new Snapshot(model));
            return e;
        }
    }

    private static void fill(Transformer model, String parameter, float value) {
        GradientMode.off(() -> model.parameters().get(parameter).fillInPlace(value));
    }

    private static void set(Transformer model, String name, int index, float value) {
        Parameter parameter = model.parameters().get(name);
        float[] values = parameter.toFloats();
        values[index] = value;
        Tensor changed = Tensor.of(model.backend(), values, parameter.shape().sizes());
        GradientMode.off(() -> parameter.copyInPlace(changed));
    }
}
