package torrefy.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.junit.jupiter.api.Test;
import torrefy.core.backend.Backend;
import torrefy.core.memory.DataType;
import torrefy.core.memory.NdArray;
import torrefy.core.random.Distributions;
import torrefy.core.random.RandomKey;
import torrefy.core.shape.Shape;

class TensorTest {

    private final Backend backend = Columns.scalar();

    @Test
    void elementsOfAViewComeInItsOwnOrder() {
        Tensor numbers = Tensor.of(backend, new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
        assertArrayEquals(
                new float[] {1, 4, 2, 5, 3, 6}, numbers.transpose(0, 1).toFloats());
        assertArrayEquals(new float[] {2, 3, 5, 6}, numbers.slice(1, 1, 3).toFloats());
        Tensor ids = Tensor.of(backend, new int[] {1, 2, 3, 4, 5, 6}, 2, 3);
        assertArrayEquals(new int[] {1, 4, 2, 5, 3, 6}, ids.transpose(0, 1).toInts());
        assertArrayEquals(new int[] {2, 3, 5, 6}, ids.slice(-1, 1, 3).toInts());
        assertArrayEquals(
                new int[] {1, 4, 2, 5, 3, 6}, ids.transpose(0, 1).reshape(6).toInts());
    }

    @Test
    void viewsShareMemoryAndCopiesDoNot() {
        Tensor numbers = Tensor.of(backend, new float[] {1, 2, 3, 4}, 2, 2);
        Tensor view = numbers.transpose(0, 1);
        Tensor copy = view.contiguous();
        assertSame(numbers, numbers.contiguous());
        assertSame(numbers, numbers.reshape(2, 2));
        numbers.fillInPlace(0);
        assertArrayEquals(new float[4], view.toFloats());
        assertArrayEquals(new float[] {1, 3, 2, 4}, copy.toFloats());
    }

    @Test
    void gradientsPassThroughStorageAsTheyAre() {
        Tensor x = Tensor.of(backend, new float[] {1, 1 + 0x1p-10f}).withGradient();
        Tensor y = x.to(DataType.BF16).to(DataType.F32);
        y.multiply(y).sum().backward();
        // d(y²) = 2y with y rounded to 1; from there on as if y were x.
        assertArrayEquals(new float[] {2, 2}, x.gradient().toFloats());
    }

    @Test
    void storageAsBfloat16RoundsToEightBits() {
        Tensor numbers = Tensor.of(backend, new float[] {1, 1 + 0x1p-7f, 1 + 0x1p-8f, 1 + 0x1.8p-7f, -3e38f});
        Tensor stored = numbers.to(DataType.BF16);
        assertEquals(DataType.BF16, stored.type());
        // A tie goes to the even neighbour: 1 + 1/256 down, 1 + 3/256 up.
        float[] expected = {1, 1 + 0x1p-7f, 1, 1 + 0x1p-6f, -0x1.c4p127f};
        assertArrayEquals(expected, stored.toFloats());
        assertArrayEquals(expected, stored.to(DataType.F32).toFloats());
        assertSame(numbers, numbers.to(DataType.F32));
        assertArrayEquals(
                new float[] {1 + 0x1p-7f, 1, 1 + 0x1p-6f}, stored.slice(0, 1, 4).toFloats());
    }

    @Test
    void randomNumbersAreThoseOfTheKey() {
        RandomKey key = RandomKey.of(3);
        float[] uniform = new float[207];
        float[] normal = new float[207];
        Distributions.uniform(key, uniform, 0, 207);
        Distributions.normal(key, normal, 0, 207);
        for (Backend each : Columns.all()) {
            assertArrayEquals(uniform, Tensor.uniform(each, key, 9, 23).toFloats());
            assertArrayEquals(normal, Tensor.normal(each, key, 9, 23).toFloats());
        }
    }

    @Test
    void comparisonsAreOneForTrue() {
        Tensor a = Tensor.of(backend, new float[] {1, 2, 3, Float.NaN});
        Tensor b = Tensor.of(backend, new float[] {2, 2, 2, 2});
        assertArrayEquals(new float[] {0, 0, 1, 0}, a.greater(b).toFloats());
        assertArrayEquals(new float[] {0, 1, 0, 0}, a.equalTo(b).toFloats());
    }

    @Test
    void emptyTensorsPassThrough() {
        for (Backend each : Columns.all()) {
            Tensor none = Tensor.zeros(each, 0, 3).withGradient();
            Tensor weight = Tensor.full(each, 1, 3, 2).withGradient();
            Tensor sum = none.exp().linear(weight, null).gelu().sum();
            assertEquals(0, sum.item());
            sum.backward();
            assertEquals(Shape.of(0, 3), none.gradient().shape());
            assertArrayEquals(new float[6], weight.gradient().toFloats());
        }
    }

    @Test
    void textShowsShapeAndTheValuesOfSmallTensors() {
        assertEquals(
                "Tensor F32 (2) [1.0, 2.0]",
                Tensor.of(backend, new float[] {1, 2}).toString());
        assertEquals(
                "Tensor I32 (1, 2) [1, 2]",
                Tensor.of(backend, new int[] {1, 2}, 1, 2).toString());
        assertEquals("Tensor F32 (31)", Tensor.zeros(backend, 31).toString());
        Parameter bias = new Parameter("h.0.b", backend, NdArray.of(new float[2], 2), NdArray.of(new float[2], 2));
        assertEquals("Parameter h.0.b (2)", bias.toString());
    }
}
