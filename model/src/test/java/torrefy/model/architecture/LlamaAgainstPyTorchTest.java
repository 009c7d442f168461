package torrefy.model.architecture;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import torrefy.core.backend.Backend;
import torrefy.core.backend.Backends;
import torrefy.core.backend.RotaryKernels.Pairing;
import torrefy.model.EveryBackend;
import torrefy.model.layer.AttentionConfig;
import torrefy.model.layer.NormConfig;
import torrefy.model.layer.Positions;

/// Two whole models of the Llama family beside the same in PyTorch 1.13.1, with the same weights:
/// `src/test/python/make_llama_golden.py`, which says what is special about the second.
class LlamaAgainstPyTorchTest {

    private static final TransformerConfig LLAMA = TransformerConfig.llama(47, 16, 2, 4, 2, 16, 24);
    private static final TransformerConfig VARIANT = LLAMA.withAttention(
                    AttentionConfig.grouped(4, 1, 6).withBiases(true, false).withQueryKeyNorm(true))
            .withNorm(new NormConfig(NormConfig.Kind.RMS, 1e-6f))
            .withPositions(new Positions.Rotary(100, Pairing.NEIGHBOURS))
            .withTiedHead(true);

    private static final List<PyTorchModel> MODELS =
            List.of(new PyTorchModel("llama", LLAMA, true), new PyTorchModel("variant", VARIANT, true));

    @Test
    void parametersHaveTheNamesOfHuggingFacesLlama() throws IOException {
        for (PyTorchModel model : MODELS) {
            model.assertParametersAreNamedAsThere();
        }
    }

    @EveryBackend
    void logitsAndLossMatch(String name) throws IOException {
        try (Backend backend = Backends.create(name, 2)) {
            for (PyTorchModel model : MODELS) {
                model.assertLogitsAndLossMatch(backend);
            }
        }
    }

    @EveryBackend
    void gradientOfEveryParameterMatches(String name) throws IOException {
        try (Backend backend = Backends.create(name, 2)) {
            for (PyTorchModel model : MODELS) {
                model.assertGradientsMatch(backend);
            }
        }
    }

    @EveryBackend
    void tenAdamWStepsMatch(String name) throws IOException {
        try (Backend backend = Backends.create(name, 2)) {
            for (PyTorchModel model : MODELS) {
                model.assertTenAdamWStepsMatch(backend);
            }
        }
    }
}
