package torrefy.model.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import torrefy.core.backend.Backend;
import torrefy.core.backend.Backends;
import torrefy.core.backend.PlanningBackend;
import torrefy.model.EveryBackend;
import torrefy.tensor.Parameter;
import torrefy.tensor.Tensor;

class ParameterSpaceTest {

    private final Backend backend = Backends.standard();

    @Test
    void initialValuesDependOnSeedAndNameAlone() {
        ParameterSpace one = new ParameterSpace(backend, 1);
        float[] a = one.normal("a", 0.02f, 31, 7).toFloats();
        float[] b = one.normal("b", 0.02f, 31, 7).toFloats();
        ParameterSpace turnedRound = new ParameterSpace(backend, 1);
        turnedRound.constant("c", 1, 3);
        assertArrayEquals(b, turnedRound.normal("b", 0.02f, 31, 7).toFloats());
        assertArrayEquals(a, turnedRound.normal("a", 0.02f, 31, 7).toFloats());
        assertFalse(Arrays.equals(a, b));
        assertFalse(Arrays.equals(
                a, new ParameterSpace(backend, 2).normal("a", 0.02f, 31, 7).toFloats()));
    }

    /// Both backends draw the same numbers: a seed names one model.
    @EveryBackend
    void initialValuesAreTheSameOnEveryBackend(String name) {
        try (Backend other = Backends.create(name, 3);
                Backend scalar = Backends.create("scalar", 1)) {
            assertArrayEquals(
                    new ParameterSpace(scalar, 1).normal("a", 0.02f, 207, 13).toFloats(),
                    new ParameterSpace(other, 1).normal("a", 0.02f, 207, 13).toFloats());
        }
    }

    /// 20,000 draws: their mean is off by 0.02/√20,000 and their deviation by a 1/200 of itself, once; five times that
    /// is missed about once in a million.
    @Test
    void meanAndDeviationAreAsAskedFor() {
        float[] values =
                new ParameterSpace(backend, 1).normal("a", 0.02f, 100, 200).toFloats();
        double mean = 0;
        double squares = 0;
        for (float value : values) {
            mean += value / 20_000.0;
            squares += value * (double) value / 20_000;
        }
        assertEquals(0, mean, 5 * 0.02 / Math.sqrt(20_000));
        assertEquals(0.02, Math.sqrt(squares), 5 * 0.02 / 200);
    }

    @Test
    void twoParametersOfOneNameAreRefused() {
        ParameterSpace space = new ParameterSpace(backend, 1);
        Parameter first = space.constant("a.weight", 1, 3);
        String message = assertThrows(IllegalArgumentException.class, () -> space.normal("a.weight", 1, 5))
                .getMessage();
        assertTrue(message.contains("a.weight"), message);
        assertSame(first, space.get("a.weight"));
        assertEquals(1, space.all().size());
    }

    @Test
    void parametersKeepTheOrderOfTheirMaking() {
        ParameterSpace space = new ParameterSpace(backend, 1);
        space.constant("z", 1, 2, 3);
        space.constant("a", 1, 7);
        assertEquals(
                List.of("z", "a"), space.all().stream().map(Parameter::name).toList());
        assertEquals(13, space.count());
        assertNull(space.get("b"));
    }

    @Test
    void whatIsUndrawnIsZeroWhereItWouldBeRandom() {
        ParameterSpace space = ParameterSpace.undrawn(backend);
        assertArrayEquals(new float[6], space.normal("a", 1, 2, 3).toFloats());
        assertArrayEquals(new float[] {1, 1}, space.constant("b", 1, 2).toFloats());
    }

    @Test
    void zeroingTouchesEveryGradient() {
        ParameterSpace space = new ParameterSpace(backend, 1);
        Parameter a = space.constant("a", 1, 3);
        Parameter b = space.constant("b", 1, 3);
        a.multiply(b).sum().backward();
        assertArrayEquals(new float[] {1, 1, 1}, a.gradient().toFloats());
        space.zeroGradients();
        assertArrayEquals(new float[3], a.gradient().toFloats());
        assertArrayEquals(new float[3], b.gradient().toFloats());
    }

    /// Matrices apart from vectors, each parameter at the beginning of a cache line of 16 floats.
    @Test
    void parametersOfOneKindLieEndToEnd() {
        ParameterSpace space = new ParameterSpace(backend, 1);
        space.expect(7 * 3 + 5 * 13, 7 + 31, 4);
        space.constant("a", 1, 7, 3);
        space.constant("b", 2, 7);
        space.constant("c", 3, 5, 13);
        space.constant("d", 4, 31);
        List<Stretch> stretches = space.stretches();
        assertEquals(2, stretches.size());
        assertTrue(stretches.get(0).matrices());
        assertFalse(stretches.get(1).matrices());
        assertEquals(32 + 80, stretches.get(0).elements());
        assertEquals(16 + 32, stretches.get(1).elements());
        assertSameMemory(space.get("a"), stretches.get(0), 0);
        assertSameMemory(space.get("b"), stretches.get(1), 0);
        assertSameMemory(space.get("c"), stretches.get(0), 32);
        assertSameMemory(space.get("d"), stretches.get(1), 16);
    }

    private static void assertSameMemory(Parameter parameter, Stretch stretch, int at) {
        assertSame(stretch.weights().floats(), parameter.data().floats());
        assertSame(stretch.gradients().floats(), parameter.gradient().data().floats());
        assertEquals(stretch.weights().start() + at, parameter.data().start());
        assertEquals(
                stretch.gradients().start() + at, parameter.gradient().data().start());
    }

    /// Nothing was said of what comes: stretches grow, and there are few of them.
    @Test
    void aSpaceThatExpectsNothingHasAFewStretches() {
        ParameterSpace space = new ParameterSpace(backend, 1);
        for (int i = 0; i < 200; i++) {
            space.constant("m" + i, i, 31, 17);
            space.constant("v" + i, i, 13);
        }
        List<Stretch> stretches = space.stretches();
        assertTrue(stretches.size() <= 8, stretches.size() + " stretches");
        assertEquals(
                200L * (528 + 16),
                stretches.stream().mapToLong(Stretch::elements).sum());
        for (int i = 0; i < 200; i++) {
            assertEquals(i, space.get("m" + i).toFloats()[526]);
            assertEquals(i, space.get("v" + i).toFloats()[12]);
        }
    }

    /// A stretch's passes do not go through the parameters, so that these must be told.
    @Test
    void aChangeOfAllIsCountedByEach() {
        ParameterSpace space = new ParameterSpace(backend, 1);
        Parameter a = space.constant("a", 1, 3);
        Parameter b = space.constant("b", 1, 3);
        Tensor product = a.multiply(b).sum();
        space.changed();
        assertEquals(1, a.data().buffer().version());
        assertEquals(1, b.data().buffer().version());
        assertThrows(IllegalStateException.class, product::backward);
    }

    /// A model that is only run takes its weights' memory and no more.
    @Test
    void gradientsHaveNoMemoryBeforeTheyAreWanted() {
        PlanningBackend backend = new PlanningBackend();
        ParameterSpace space = ParameterSpace.undrawn(backend);
        space.expect(1 << 20, 0, 1);
        Parameter weight = space.constant("w", 0, 1 << 10, 1 << 10);
        long weights = backend.allocatedBytes();
        assertTrue(weights < 4.1 * (1 << 20), weights + " bytes");
        assertEquals(weight.shape(), weight.gradient().shape());
        assertEquals(2 * weights, backend.allocatedBytes());
        space.zeroGradients();
        assertEquals(2 * weights, backend.allocatedBytes());
    }
}
