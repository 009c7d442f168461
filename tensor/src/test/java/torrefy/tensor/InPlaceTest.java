package torrefy.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static torrefy.tensor.BackpropagationTest.assertMessage;

import org.junit.jupiter.api.Test;
import torrefy.core.backend.Backend;
import torrefy.core.memory.DataType;
import torrefy.core.memory.NdArray;

class InPlaceTest {

    private final Backend backend = Columns.scalar();

    private Tensor tensor(float... values) {
        return Tensor.of(backend, values);
    }

    @Test
    void changeOfATensorThatAnOpSavedIsCaughtInBackward() {
        Tensor x = tensor(1, 2).withGradient();
        Tensor factor = tensor(3, 4);
        Tensor y = x.multiply(factor).sum();
        factor.fillInPlace(0);
        assertMessage(IllegalStateException.class, y::backward, "Multiply", "(2)", "changed in place", "1 times");
    }

    @Test
    void changeThroughAnotherViewOfTheSameMemoryIsCaught() {
        Tensor x = tensor(1, 2).withGradient();
        Tensor factor = Tensor.of(backend, new float[] {3, 4, 5, 6}, 2, 2);
        Tensor y = x.multiply(factor.slice(0, 0, 1)).sum();
        factor.transpose(0, 1).addInPlace(tensor(1), 1);
        assertMessage(IllegalStateException.class, y::backward, "changed in place");
    }

    @Test
    void changeOfAResultThatItsOwnOpSavedIsCaught() {
        Tensor x = tensor(1, 2).withGradient();
        Tensor y = x.exp();
        y.detach().fillInPlace(0);
        assertMessage(IllegalStateException.class, () -> y.sum().backward(), "EXP");
    }

    @Test
    void changeOfAParameterBetweenForwardAndBackwardIsCaught() {
        Parameter w = new Parameter("w", backend, NdArray.of(new float[] {1, 2}, 2, 1), NdArray.of(new float[2], 2, 1));
        Tensor x = Tensor.of(backend, new float[] {3, 4}, 1, 2).withGradient();
        Tensor y = x.linear(w, null).sum();
        GradientMode.off(() -> w.addInPlace(w, -0.5f));
        assertMessage(IllegalStateException.class, y::backward, "Linear", "(2, 1)");
    }

    @Test
    void harmlessChangesAreLeftAlone() {
        Tensor x = tensor(1, 2).withGradient();
        Tensor shift = tensor(3, 4);
        Tensor scaled = x.add(shift).multiply(2);
        shift.fillInPlace(0);
        scaled.detach().fillInPlace(0);
        Tensor ids = Tensor.of(backend, new int[] {0, 1, 1, 0}, 2, 2);
        Tensor table = Tensor.of(backend, new float[] {1, 2}, 2, 1).withGradient();
        Tensor rows = table.embedding(ids.transpose(0, 1));
        ids.fillInPlace(0);
        table.detach().fillInPlace(0);
        scaled.sum().add(rows.sum()).backward();
        assertArrayEquals(new float[] {2, 2}, x.gradient().toFloats());
        assertArrayEquals(new float[] {2, 2}, table.gradient().toFloats());
    }

    @Test
    void changeOfATensorThatWantsAGradientIsRefused() {
        Tensor x = tensor(1, 2).withGradient();
        Tensor y = x.exp();
        assertMessage(IllegalStateException.class, () -> x.fillInPlace(0), "fillInPlace", "(2)", "GradientMode.off");
        assertMessage(IllegalStateException.class, () -> y.addInPlace(tensor(1), 1), "addInPlace", "detach()");
        assertMessage(IllegalStateException.class, () -> x.copyInPlace(tensor(1, 1)), "copyInPlace");
        GradientMode.off(() -> x.fillInPlace(5));
        assertArrayEquals(new float[] {5, 5}, x.toFloats());
    }

    @Test
    void sourceWhoseGradientWouldBeLostIsRefused() {
        Tensor x = tensor(1, 2).withGradient();
        Tensor sum = tensor(0, 0);
        assertMessage(IllegalStateException.class, () -> sum.addInPlace(x, 1), "addInPlace", "source.detach()");
        sum.addInPlace(x.detach(), 3);
        assertArrayEquals(new float[] {3, 6}, sum.toFloats());
    }

    @Test
    void expandedViewIsNotWritten() {
        Tensor row = tensor(1, 2).reshape(1, 2);
        assertMessage(IllegalStateException.class, () -> row.expand(3, 2).addInPlace(tensor(1), 1), "(3, 2)", "axis 0");
    }

    @Test
    void sourceMayBeAViewOfTheTensorThatIsChanged() {
        Tensor square = Tensor.of(backend, new float[] {1, 2, 3, 4}, 2, 2);
        square.copyInPlace(square.transpose(0, 1));
        assertArrayEquals(new float[] {1, 3, 2, 4}, square.toFloats());
        square.addInPlace(square.transpose(0, 1), 1);
        assertArrayEquals(new float[] {2, 5, 5, 8}, square.toFloats());
        square.addInPlace(square, -1);
        assertArrayEquals(new float[4], square.toFloats());
    }

    @Test
    void sourceIsBroadcastOrRefusedWithBothShapes() {
        Tensor target = Tensor.zeros(backend, 2, 3);
        target.copyInPlace(tensor(1, 2, 3));
        target.addInPlace(Tensor.scalar(backend, 1), 2);
        assertArrayEquals(new float[] {3, 4, 5, 3, 4, 5}, target.toFloats());
        assertMessage(IllegalArgumentException.class, () -> target.copyInPlace(tensor(1, 2)), "(2)", "(2, 3)");
    }

    @Test
    void sourceOfAnotherTypeIsRefused() {
        Tensor ids = Tensor.of(backend, new int[] {1, 2});
        assertMessage(IllegalArgumentException.class, () -> tensor(1, 2).copyInPlace(ids), "I32", "F32");
        assertMessage(
                IllegalArgumentException.class,
                () -> tensor(1, 2).addInPlace(tensor(1, 2).to(DataType.BF16), 1),
                "BF16",
                "F32");
    }
}
