package torrefy.model.architecture;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import torrefy.core.backend.Backend;
import torrefy.core.backend.Backends;
import torrefy.model.EveryBackend;

/// A whole GPT-2 beside the same model in PyTorch 1.13.1, with the same weights: `src/test/python/make_gpt_golden.py`.
class GptAgainstPyTorchTest {

    private static final PyTorchModel GPT2 = new PyTorchModel("gpt", TransformerConfig.gpt2(65, 16, 2, 2, 16), false);

    @Test
    void parametersHaveTheNamesOfHuggingFacesGpt2() throws IOException {
        GPT2.assertParametersAreNamedAsThere();
    }

    @EveryBackend
    void logitsAndLossMatch(String name) throws IOException {
        try (Backend backend = Backends.create(name, 2)) {
            GPT2.assertLogitsAndLossMatch(backend);
        }
    }

    @EveryBackend
    void gradientOfEveryParameterMatches(String name) throws IOException {
        try (Backend backend = Backends.create(name, 2)) {
            GPT2.assertGradientsMatch(backend);
        }
    }

    @EveryBackend
    void tenAdamWStepsMatch(String name) throws IOException {
        try (Backend backend = Backends.create(name, 2)) {
            GPT2.assertTenAdamWStepsMatch(backend);
        }
    }
}
