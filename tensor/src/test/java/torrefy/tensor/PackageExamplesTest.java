package torrefy.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import torrefy.core.shape.Shape;
import torrefy.tensor.op.Multiply;
import torrefy.tensor.op.Op;

/// The code in the packages' documentation.
class PackageExamplesTest {

    @Test
    void exampleOfTensorsWorks() {
        Tensor x = Tensor.of(new float[] {1, 2, 3, 4}, 2, 2);
        Tensor w = Tensor.of(new float[] {0.5f, -1, 2, 0}, 2, 2).withGradient();
        Tensor loss = x.matmul(w).tanh().sum();
        loss.backward();
        assertEquals(Shape.of(2, 2), w.gradient().shape());
        assertTrue(
                w.gradient().toString().startsWith("Tensor F32 (2, 2) ["),
                w.gradient().toString());
    }

    @Test
    void exampleOfOpsWorks() {
        Tensor a = Tensor.of(new float[] {3}).withGradient();
        Tensor square = a.multiply(a);
        Op op = square.origin();
        assertInstanceOf(Multiply.class, op);
        assertEquals(List.of(a, a), op.inputs());
        square.backward();
        assertEquals(6, a.gradient().item());
    }
}
