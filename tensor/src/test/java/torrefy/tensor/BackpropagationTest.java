package torrefy.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import torrefy.core.backend.Backend;
import torrefy.core.memory.NdArray;
import torrefy.core.shape.Shape;
import torrefy.tensor.op.CustomOp;

class BackpropagationTest {

    private final Backend backend = Columns.scalar();

    private Tensor leaf(float... values) {
        return Tensor.of(backend, values).withGradient();
    }

    @Test
    void gradientsOfTwoBackwardsAddUpUntilZeroed() {
        Tensor x = leaf(1, 2, 3);
        x.multiply(x).sum().backward();
        assertArrayEquals(new float[] {2, 4, 6}, x.gradient().toFloats());
        x.multiply(10).sum().backward();
        assertArrayEquals(new float[] {12, 14, 16}, x.gradient().toFloats());
        x.zeroGradient();
        assertArrayEquals(new float[] {0, 0, 0}, x.gradient().toFloats());
    }

    @Test
    void gradientIsAbsentBeforeTheFirstBackwardAndForConstants() {
        Tensor x = leaf(1);
        Tensor constant = Tensor.of(backend, new float[] {3});
        assertNull(x.gradient());
        x.multiply(constant).backward();
        assertEquals(3, x.gradient().item());
        assertNull(constant.gradient());
    }

    @Test
    void parameterAddsIntoTheMemoryItWasGiven() {
        float[] gradient = {0, 100, 200, 0};
        NdArray middle =
                NdArray.of(gradient, 4).with(NdArray.of(gradient, 4).layout().slice(0, 1, 2));
        Parameter w = new Parameter("w", backend, NdArray.of(new float[] {3, 5}, 2), middle);
        w.multiply(w).sum().backward();
        assertArrayEquals(new float[] {0, 106, 210, 0}, gradient);
    }

    @Test
    void parameterRefusesGradientMemoryThatDoesNotFit() {
        NdArray value = NdArray.of(new float[6], 2, 3);
        assertMessage(
                IllegalArgumentException.class,
                () -> new Parameter("h.0.w", backend, value, NdArray.of(new float[6], 3, 2)),
                "h.0.w",
                "(2, 3)",
                "(3, 2)");
        NdArray transposed = NdArray.of(new float[6], 3, 2);
        assertMessage(
                IllegalArgumentException.class,
                () -> new Parameter(
                        "h.0.w",
                        backend,
                        value,
                        transposed.with(transposed.layout().transpose(0, 1))),
                "h.0.w",
                "contiguous");
    }

    @Test
    void secondBackwardThroughTheSameGraphIsRefused() {
        Tensor x = leaf(1, 2);
        Tensor loss = x.multiply(x).sum();
        loss.backward();
        assertMessage(IllegalStateException.class, loss::backward, "earlier backward", "compute it anew");
        assertArrayEquals(new float[] {2, 4}, x.gradient().toFloats());
    }

    @Test
    void secondBackwardThroughASharedPartIsRefusedBeforeItAddsPastIt() {
        Tensor x = leaf(1, 2);
        Tensor y = leaf(3, 4);
        Tensor shared = x.exp();
        shared.sum().backward();
        float[] before = x.gradient().toFloats();
        Tensor second = shared.multiply(y).sum();
        assertMessage(IllegalStateException.class, second::backward, "(2)", "earlier backward");
        assertArrayEquals(before, x.gradient().toFloats());
        assertNull(y.gradient());
    }

    @Test
    void graphOfDepthTwoHundredThousandIsVisitedWithoutRecursion() {
        Tensor x = leaf(1, 2);
        Tensor y = x;
        for (int i = 0; i < 200_000; i++) {
            y = i % 2 == 0 ? y.add(1) : y.negate();
        }
        y.sum().backward();
        assertArrayEquals(new float[] {1, 1}, x.gradient().toFloats());
    }

    @Test
    void everyTensorIsVisitedOnceHoweverManyPathsLeadToIt() {
        Tensor x = leaf(1);
        Tensor y = x;
        for (int i = 0; i < 100; i++) {
            y = y.add(y).multiply(0.5f);
        }
        y.backward();
        assertEquals(1, x.gradient().item());
    }

    @Test
    void gradientIsCompleteBeforeItIsSentOnAlsoWhenAnOldTensorIsUsedLate() {
        Tensor x = leaf(2);
        Tensor old = x.multiply(3);
        Tensor late = old;
        for (int i = 0; i < 5; i++) {
            late = late.multiply(2);
        }
        // y = 3x·(32·3x) = 288x²
        old.multiply(late).backward();
        assertEquals(2 * 288 * 2, x.gradient().item());
    }

    @Test
    void backwardBeginsWithTheGradientItIsGiven() {
        Tensor x = leaf(1, 2, 3);
        x.multiply(x).backward(Tensor.of(backend, new float[] {1, 0, -1}));
        assertArrayEquals(new float[] {2, 0, -6}, x.gradient().toFloats());
    }

    @Test
    void gradientGivenToBackwardIsNotChanged() {
        Tensor x = leaf(1, 2, 3);
        Tensor start = Tensor.of(backend, new float[] {1, 1, 1});
        Tensor y = x.add(0);
        y.add(y.multiply(2)).backward(start);
        assertArrayEquals(new float[] {1, 1, 1}, start.toFloats());
        assertArrayEquals(new float[] {3, 3, 3}, x.gradient().toFloats());
    }

    @Test
    void backwardOfALeafGivesOne() {
        Tensor x = leaf(5);
        x.backward();
        assertEquals(1, x.gradient().item());
    }

    @Test
    void opIsLetGoAfterBackward() {
        Tensor x = leaf(1, 2);
        Tensor middle = x.exp();
        Tensor loss = middle.sum();
        loss.backward();
        assertNull(loss.origin());
        assertNull(middle.origin());
    }

    @Test
    void backwardSaysWhyItCannotBegin() {
        Tensor x = leaf(1, 2);
        assertMessage(IllegalArgumentException.class, x::backward, "(2)", "not a single number");
        assertMessage(
                IllegalArgumentException.class, () -> x.exp().backward(Tensor.of(backend, new float[3])), "(3)", "(2)");
        assertMessage(
                IllegalArgumentException.class,
                () -> x.exp().backward(Tensor.of(backend, new float[4], 2, 2)),
                "(2, 2)",
                "(2)");
        assertMessage(
                IllegalStateException.class,
                () -> Tensor.of(backend, new float[] {1}).backward(),
                "wants a gradient",
                "withGradient()");
    }

    /// An op that sends back a gradient of another shape.
    record Wrong(Tensor in) implements CustomOp {
        @Override
        public List<Tensor> inputs() {
            return List.of(in);
        }

        @Override
        public void backward(Tensor dOut, Gradients gradients) {
            gradients.add(in, Tensor.zeros(in.backend(), 2, 4));
        }
    }

    @Test
    void customOpWithAGradientOfTheWrongShapeIsToldBothShapes() {
        Tensor x = leaf(1, 2, 3);
        Tensor y = Tensor.of(backend, NdArray.of(new float[1], 1)).madeBy(new Wrong(x));
        assertMessage(IllegalArgumentException.class, y::backward, "(2, 4)", "(3)");
    }

    @Test
    void customOpThatReturnsItsInputIsRefused() {
        Tensor x = leaf(1, 2, 3);
        assertMessage(IllegalArgumentException.class, () -> x.madeBy(new Wrong(x)), "Wrong", "not older");
    }

    @Test
    void strayShapesAreRefusedAtTheEdge() {
        assertMessage(IllegalArgumentException.class, () -> Tensor.of(backend, new float[7], 2, 3), "(2, 3)", "6", "7");
        assertMessage(IllegalArgumentException.class, () -> Tensor.of(backend, new float[5], 2, 3), "(2, 3)", "6", "5");
        assertMessage(
                IllegalArgumentException.class,
                () -> Tensor.zeros(backend, 2, 2).item(),
                "(2, 2)");
        assertEquals(Shape.of(1), Tensor.of(backend, new float[] {7}).shape());
        assertEquals(Shape.of(1), Tensor.of(backend, new int[] {7}).shape());
        assertEquals(Shape.SCALAR, Tensor.scalar(backend, 7).shape());
    }

    static void assertMessage(Class<? extends Exception> type, Executable call, String... parts) {
        String message = assertThrows(type, call).getMessage();
        for (String part : parts) {
            assertTrue(message.contains(part), "'" + part + "' is missing in: " + message);
        }
    }
}
