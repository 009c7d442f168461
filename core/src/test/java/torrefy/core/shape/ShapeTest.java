package torrefy.core.shape;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class ShapeTest {

    private final Shape shape = Shape.of(4, 1, 3);

    @Test
    void elementsAreTheProductOfTheSizes() {
        assertEquals(12, shape.elements());
        assertEquals(1, Shape.SCALAR.elements());
        assertEquals(0, Shape.of(5, 0, 7).elements());
        assertEquals(Integer.MAX_VALUE, Shape.of(Integer.MAX_VALUE).elements());
    }

    @Test
    void negativeAxesCountFromTheEnd() {
        assertEquals(3, shape.size(-1));
        assertEquals(4, shape.size(-3));
        assertEquals(1, shape.axis(-2));
    }

    @Test
    void anAxisThatDoesNotExistIsNamedWithTheShape() {
        assertMessage("axis 3 does not exist in shape (4, 1, 3)", () -> shape.size(3));
        assertMessage("axis -4 does not exist in shape (4, 1, 3)", () -> shape.size(-4));
        assertMessage("axis 0 does not exist in shape ()", () -> Shape.SCALAR.size(0));
    }

    @Test
    void negativeAndExcessiveSizesAreRefused() {
        assertMessage("shape (2, -1): sizes must not be negative", () -> Shape.of(2, -1));
        assertMessage("shape (65536, 32768): more than 2^31 - 1 elements in one array", () -> Shape.of(65536, 32768));
        assertThrows(IllegalArgumentException.class, () -> Shape.of(1 << 16, 1 << 16, 1 << 16, 1 << 16, 1 << 16));
    }

    @Test
    void aShapeDoesNotChangeWithTheArraysGivenOrTaken() {
        int[] sizes = {2, 3};
        Shape made = Shape.of(sizes);
        sizes[0] = 9;
        made.sizes()[1] = 9;
        assertArrayEquals(new int[] {2, 3}, made.sizes());
    }

    @Test
    void partsAndCompositions() {
        assertEquals(Shape.of(4, 7, 3), shape.with(1, 7));
        assertEquals(Shape.of(4, 1, 1), shape.reduced(-1));
        assertEquals(Shape.of(1, 1, 1), shape.reduced());
        assertEquals(Shape.of(1, 3), shape.without(0));
        assertEquals(Shape.of(1), shape.without(0, -1));
        assertEquals(Shape.SCALAR, shape.without());
        assertEquals(Shape.of(4, 1), shape.slice(0, 2));
        assertEquals(Shape.of(4, 1, 3, 2), shape.concat(Shape.of(2)));
        assertEquals(shape, Shape.SCALAR.concat(shape));
    }

    @Test
    void equalSizesMakeEqualShapes() {
        assertEquals(Shape.of(4, 1, 3), shape);
        assertEquals(Shape.of(4, 1, 3).hashCode(), shape.hashCode());
        assertNotEquals(Shape.of(4, 3), shape);
        assertEquals("(4, 1, 3)", shape.toString());
        assertEquals("()", Shape.SCALAR.toString());
    }

    private static void assertMessage(String expected, Runnable code) {
        assertEquals(
                expected,
                assertThrows(IllegalArgumentException.class, code::run).getMessage());
    }
}
