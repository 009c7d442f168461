package torrefy.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import torrefy.core.backend.Backend;

class ColumnsAgreeTest {

    /// A gradient sums up to 217 rows of products of sums of up to 1031 terms, in another order on each backend: 2⁻²⁴
    /// times some √217·√1031 of the largest.
    private static final float ROUNDING = 470 * 0x1p-24f;

    @Test
    void everyBackendGivesTheLossAndGradientsOfTheScalarOne() {
        SmallModel expected = new SmallModel(Columns.scalar());
        Tensor loss = expected.loss(0);
        loss.backward();
        for (Backend backend : Columns.all()) {
            SmallModel actual = new SmallModel(backend);
            Tensor actualLoss = actual.loss(0);
            actualLoss.backward();
            assertEquals(loss.item(), actualLoss.item(), 1e-6f * loss.item(), backend.name());
            for (int i = 0; i < expected.parameters().size(); i++) {
                float[] gradient = expected.parameters().get(i).gradient().toFloats();
                float largest = 0;
                for (float value : gradient) {
                    largest = Math.max(largest, Math.abs(value));
                }
                assertArrayEquals(
                        gradient,
                        actual.parameters().get(i).gradient().toFloats(),
                        ROUNDING * largest,
                        expected.parameters().get(i).name() + " on " + backend.name());
            }
        }
    }
}
