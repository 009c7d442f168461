package torrefy.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static torrefy.tensor.BackpropagationTest.assertMessage;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import torrefy.core.backend.Backend;
import torrefy.core.memory.Arena;
import torrefy.core.memory.NdArray;

class ArenaStepTest {

    private final Backend backend = Columns.scalar();
    private final Arena arena = new Arena(backend::allocate);

    @Test
    void tensorOfAStepIsDeadAfterItAndSaysSo() {
        Tensor leaf = Tensor.of(backend, new float[] {1, 2}).withGradient();
        AtomicReference<Tensor> kept = new AtomicReference<>();
        arena.step(() -> {
            kept.set(leaf.exp());
            return kept.get().sum().item();
        });
        String[] parts = {"step 0", "step 1", "detachedCopy()"};
        assertMessage(IllegalStateException.class, () -> kept.get().toFloats(), parts);
        assertMessage(IllegalStateException.class, () -> kept.get().slice(0, 0, 1), parts);
        assertMessage(IllegalStateException.class, () -> kept.get().add(leaf), parts);
        assertMessage(IllegalStateException.class, () -> kept.get().detachedCopy(), parts);
        assertMessage(IllegalStateException.class, () -> kept.get().backward(leaf), parts);
    }

    @Test
    void graphThatReachesIntoAFinishedStepIsRefused() {
        Tensor leaf = Tensor.of(backend, new float[] {1, 2}).withGradient();
        AtomicReference<Tensor> kept = new AtomicReference<>();
        arena.step(() -> {
            kept.set(leaf.exp());
            return 0;
        });
        assertThrows(
                IllegalStateException.class,
                () -> leaf.multiply(kept.get()).sum().backward());
    }

    @Test
    void arenaIsResetAlsoIfTheStepFails() {
        AtomicReference<Tensor> kept = new AtomicReference<>();
        assertThrows(
                IllegalArgumentException.class,
                () -> arena.step(() -> {
                    kept.set(Tensor.zeros(backend, 3));
                    return kept.get().reshape(2, 2);
                }));
        assertMessage(IllegalStateException.class, () -> kept.get().toFloats(), "step 0");
    }

    @Test
    void gradientsLiveAsLongAsTheirLeaves() {
        Tensor outside = Tensor.of(backend, new float[] {1, 2}).withGradient();
        AtomicReference<Tensor> inside = new AtomicReference<>();
        arena.step(() -> {
            inside.set(Tensor.full(backend, 3, 2).withGradient());
            outside.multiply(inside.get()).sum().backward();
            return 0;
        });
        assertArrayEquals(new float[] {3, 3}, outside.gradient().toFloats());
        assertThrows(IllegalStateException.class, () -> inside.get().gradient().toFloats());
    }

    @Test
    void detachedCopyOutlivesItsStep() {
        Tensor copy = arena.step(() -> Tensor.full(backend, 3, 2).exp().log().detachedCopy());
        assertEquals(3, copy.slice(0, 0, 1).item(), 1e-6);
    }

    @Test
    void resetPoisonsTheMemoryOfTheStepIfAssertionsAreOn() {
        boolean assertions = getClass().desiredAssertionStatus();
        assertTrue(assertions, "the tests run with assertions on");
        AtomicReference<float[]> array = new AtomicReference<>();
        // The first tensor of a step begins where its slab does; what lies before is not the slab's.
        int start = arena.step(() -> {
            NdArray data = Tensor.full(backend, 3, 2).data();
            array.set(data.floats());
            return data.start();
        });
        for (int i = start; i < array.get().length; i++) {
            assertTrue(Float.isNaN(array.get()[i]));
        }
    }

    @Test
    void trainingInAnArenaHasTheSameBitsAsWithout() {
        for (Backend each : Columns.all()) {
            Arena steps = new Arena(each::allocate);
            SmallModel plain = new SmallModel(each);
            SmallModel inArena = new SmallModel(each);
            for (int i = 0; i < 4; i++) {
                int step = i;
                float expected = plain.train(step);
                assertFalse(Float.isNaN(expected));
                assertEquals(expected, steps.step(() -> inArena.train(step)), each.name() + ", step " + step);
            }
            for (int i = 0; i < plain.parameters().size(); i++) {
                assertArrayEquals(
                        plain.parameters().get(i).toFloats(),
                        inArena.parameters().get(i).toFloats(),
                        plain.parameters().get(i).name());
            }
        }
    }

    @Test
    void stepAfterTheFirstAllocatesNothing() {
        for (Backend each : Columns.all()) {
            AtomicInteger allocations = new AtomicInteger();
            Backend counting = countingAllocations(each, allocations);
            Arena steps = new Arena(counting::allocate);
            SmallModel model = new SmallModel(counting);
            steps.step(() -> model.train(0));
            assertTrue(allocations.get() > 0);
            long peak = steps.peakBytes();
            allocations.set(0);
            for (int i = 1; i < 4; i++) {
                int step = i;
                steps.step(() -> model.train(step));
                assertEquals(0, allocations.get(), each.name() + ", step " + step);
            }
            assertEquals(peak, steps.peakBytes());
        }
    }

    /// `backend`, counting its calls of `allocate`.
    private static Backend countingAllocations(Backend backend, AtomicInteger allocations) {
        return (Backend) Proxy.newProxyInstance(
                Backend.class.getClassLoader(), new Class<?>[] {Backend.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("allocate")) {
                        allocations.incrementAndGet();
                    }
                    try {
                        return method.invoke(backend, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
