package torrefy.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import torrefy.core.backend.Backend;
import torrefy.core.backend.Backends;

class SameBitsTest {

    @ParameterizedTest
    @ValueSource(strings = {"scalar", "vector"})
    void numberOfThreadsDoesNotChangeABit(String name) {
        try (Backend alone = Backends.create(name, 1);
                Backend two = Backends.create(name, 2);
                Backend three = Backends.create(name, 3)) {
            SmallModel expected = new SmallModel(alone);
            float[] losses = train(expected);
            assertTrue(losses[2] < losses[0], "the model learns: " + losses[0] + " to " + losses[2]);
            for (Backend threads : new Backend[] {two, three}) {
                SmallModel actual = new SmallModel(threads);
                assertArrayEquals(losses, train(actual));
                for (int i = 0; i < expected.parameters().size(); i++) {
                    assertArrayEquals(
                            expected.parameters().get(i).toFloats(),
                            actual.parameters().get(i).toFloats(),
                            expected.parameters().get(i).name());
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"scalar", "vector"})
    void repetitionDoesNotChangeABit(String name) {
        try (Backend backend = Backends.create(name, 2)) {
            assertArrayEquals(train(new SmallModel(backend)), train(new SmallModel(backend)));
            assertEquals(2, backend.threads());
        }
    }

    private static float[] train(SmallModel model) {
        float[] losses = new float[3];
        for (int step = 0; step < losses.length; step++) {
            losses[step] = model.train(step);
        }
        return losses;
    }
}
