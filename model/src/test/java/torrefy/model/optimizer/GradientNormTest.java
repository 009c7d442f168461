package torrefy.model.optimizer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import torrefy.core.backend.Backend;
import torrefy.core.backend.Backends;
import torrefy.model.EveryBackend;
import torrefy.model.layer.ParameterSpace;
import torrefy.tensor.Tensor;

class GradientNormTest {

    /// The gradient of `Σ 2·w` is 2 everywhere, of `Σ −w` −1.
    @EveryBackend
    void theNormIsOverAllParametersTogether(String backendName) {
        try (Backend backend = Backends.create(backendName, 2)) {
            ParameterSpace space = new ParameterSpace(backend, 1);
            Tensor a = space.constant("a", 1, 31, 7);
            Tensor b = space.constant("b", 1, 13);
            assertEquals(0, GradientNorm.of(space));
            a.multiply(2).sum().add(b.negate().sum()).backward();
            assertEquals(Math.sqrt(217 * 4 + 13), GradientNorm.of(space), 1e-12);
            space.zeroGradients();
            assertEquals(0, GradientNorm.of(space));
        }
    }

    /// The square of 1e30 does not fit a float; their sum is taken in double precision.
    @EveryBackend
    void hugeGradientsStayFiniteAndInfiniteOnesDoNot(String backendName) {
        try (Backend backend = Backends.create(backendName, 1)) {
            ParameterSpace space = new ParameterSpace(backend, 1);
            Tensor a = space.constant("a", 1, 4);
            a.multiply(1e30f).sum().backward();
            assertEquals(2e30, GradientNorm.of(space), 1e24);
            a.multiply(3e38f).sum().backward();
            a.multiply(3e38f).sum().backward();
            assertEquals(Double.POSITIVE_INFINITY, GradientNorm.of(space));
        }
    }

    @Test
    void clippingShortensAndNeverLengthens() {
        assertEquals(0.25f, GradientNorm.clip(4, 1));
        assertEquals(0.8f, GradientNorm.clip(1.25, 1));
        assertEquals(1f, GradientNorm.clip(1, 1));
        assertEquals(1f, GradientNorm.clip(0.5, 1));
        assertEquals(1f, GradientNorm.clip(0, 1));
        assertEquals(1f, GradientNorm.clip(1e30, Double.POSITIVE_INFINITY));
    }
}
