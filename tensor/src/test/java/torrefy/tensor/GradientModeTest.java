package torrefy.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import torrefy.core.backend.Backend;

class GradientModeTest {

    private final Backend backend = Columns.scalar();
    private final Tensor x = Tensor.of(backend, new float[] {1, 2}).withGradient();

    @Test
    void nothingIsRecordedInsideAScopeThatIsOff() {
        Tensor y = GradientMode.off(() -> x.exp());
        assertNull(y.origin());
        assertFalse(y.requiresGradient());
        assertNotNull(x.exp().origin());
    }

    @Test
    void recordingCanBeSwitchedOnAgainInside() {
        GradientMode.off(() -> {
            assertFalse(GradientMode.isOn());
            GradientMode.on(() -> x.multiply(x).sum()).backward();
            assertFalse(GradientMode.isOn());
        });
        assertArrayEquals(new float[] {2, 4}, x.gradient().toFloats());
    }

    @Test
    void exceptionLeavesTheModeAsItWas() {
        Runnable fails = () -> {
            throw new IllegalStateException("on purpose");
        };
        assertThrows(IllegalStateException.class, () -> GradientMode.off(fails));
        assertTrue(GradientMode.isOn());
    }

    @Test
    void otherThreadsAreNotConcerned() {
        boolean there = GradientMode.off(
                () -> CompletableFuture.supplyAsync(GradientMode::isOn).join());
        assertTrue(there);
    }

    @Test
    void detachedTensorSharesMemoryAndSendsNoGradient() {
        Tensor y = x.multiply(3);
        y.multiply(y.detach()).sum().backward();
        // d(3x·c)/dx = 3c with c = 3x held fixed
        assertArrayEquals(new float[] {9, 18}, x.gradient().toFloats());
        x.detach().fillInPlace(7);
        assertArrayEquals(new float[] {7, 7}, x.toFloats());
        assertEquals(7, x.slice(0, 0, 1).item());
    }

    @Test
    void detachedCopyHasMemoryOfItsOwn() {
        Tensor copy = x.detachedCopy();
        x.detach().fillInPlace(7);
        assertArrayEquals(new float[] {1, 2}, copy.toFloats());
    }

    @Test
    void opWithoutInputsThatWantAGradientIsNotRecorded() {
        assertNull(Tensor.of(backend, new float[] {1, 2}).exp().origin());
    }
}
