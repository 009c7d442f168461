package torrefy.core.shape;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class BroadcastTest {

    @Test
    void axesAreAlignedAtTheInnermostAndOnesStretch() {
        assertEquals(Shape.of(4, 2, 3), Broadcast.shape("add", Shape.of(4, 1, 3), Shape.of(2, 3)));
        assertEquals(Shape.of(4, 2, 3), Broadcast.shape("add", Shape.of(2, 1), Shape.of(4, 1, 3)));
        assertEquals(Shape.of(2, 3), Broadcast.shape("add", Shape.SCALAR, Shape.of(2, 3)));
        assertEquals(Shape.SCALAR, Broadcast.shape("add", Shape.SCALAR, Shape.SCALAR));
    }

    @Test
    void anEmptyAxisMeetsOneOrItself() {
        assertEquals(Shape.of(0, 3), Broadcast.shape("add", Shape.of(0, 3), Shape.of(1, 3)));
        assertEquals(Shape.of(0), Broadcast.shape("add", Shape.of(0), Shape.of(0)));
        assertThrows(IllegalArgumentException.class, () -> Broadcast.shape("add", Shape.of(0), Shape.of(2)));
    }

    @Test
    void shapesThatDoNotFitAreBothShown() {
        assertEquals(
                "multiply: shapes (4, 3) and (2, 3) do not fit: 4 against 2",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> Broadcast.shape("multiply", Shape.of(4, 3), Shape.of(2, 3)))
                        .getMessage());
    }

    @Test
    void oneShapeFitsAnotherIfOnlyItHasToStretch() {
        assertTrue(Broadcast.fits(Shape.of(1, 3), Shape.of(5, 2, 3)));
        assertTrue(Broadcast.fits(Shape.SCALAR, Shape.of(5)));
        assertTrue(Broadcast.fits(Shape.of(1), Shape.of(0)));
        assertFalse(Broadcast.fits(Shape.of(2, 3), Shape.of(1, 3)));
        assertFalse(Broadcast.fits(Shape.of(1, 3), Shape.of(3)));
    }
}
