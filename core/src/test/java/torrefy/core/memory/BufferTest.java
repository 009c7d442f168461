package torrefy.core.memory;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import torrefy.core.shape.Layout;
import torrefy.core.shape.Shape;

class BufferTest {

    @Test
    void aSliceSharesTheArray() {
        float[] values = {1, 2, 3, 4, 5};
        HostFloats buffer = HostFloats.over(values);
        HostFloats part = buffer.slice(1, 3).slice(1, 2);
        assertSame(values, part.array());
        assertEquals(2, part.start());
        assertEquals(2, part.length());
        assertFalse(part.isLeased());
    }

    @Test
    void aSliceOutsideItsBufferIsRefused() {
        for (Buffer buffer : List.of(HostFloats.zeros(5), HostInts.zeros(5), HostBfloat16s.zeros(5))) {
            assertThrows(IndexOutOfBoundsException.class, () -> buffer.slice(3, 3));
            assertThrows(IndexOutOfBoundsException.class, () -> buffer.slice(-1, 3));
            assertEquals(0, buffer.slice(5, 0).length());
        }
    }

    @Test
    void changesAreCounted() {
        Buffer buffer = HostFloats.zeros(3);
        assertEquals(0, buffer.version());
        buffer.changed();
        buffer.changed();
        assertEquals(2, buffer.version());
    }

    @Test
    void anArrayBeginsWhereBufferAndLayoutSay() {
        HostFloats part = HostFloats.over(0, 1, 2, 3, 4, 5, 6, 7).slice(2, 6);
        NdArray rows = NdArray.of(part, Shape.of(3, 2));
        NdArray last = rows.with(rows.layout().slice(0, 2, 1));
        assertEquals(6f, last.floats()[last.start()]);
        assertEquals(2, NdArray.of(HostInts.zeros(8).slice(2, 6), Shape.of(6)).start());
        assertEquals(
                2, NdArray.of(HostBfloat16s.zeros(8).slice(2, 6), Shape.of(6)).start());
    }

    @Test
    void rowsTakeAllOuterAxesTogether() {
        assertEquals(Shape.of(6, 4), NdArray.of(new float[24], 2, 3, 4).rows().shape());
        assertEquals(Shape.of(1, 1), NdArray.of(new float[1], new int[0]).rows().shape());
        assertEquals(Shape.of(0, 0), NdArray.of(new float[0], 3, 0).rows().shape());
        assertEquals(Shape.of(0, 3), NdArray.of(new float[0], 0, 3).rows().shape());
    }

    @Test
    void aShapeLargerThanItsBufferIsRefused() {
        assertEquals(
                "shape (2, 3) needs 6 elements, the buffer has 5",
                assertThrows(IllegalArgumentException.class, () -> NdArray.of(new float[5], 2, 3))
                        .getMessage());
    }

    @Test
    void askingForAnotherTypeSaysWhichOneIsThere() {
        NdArray ints = NdArray.of(new int[] {1, 2}, 2);
        assertArrayEquals(new int[] {1, 2}, ints.ints());
        assertEquals(
                "expected F32 in the Java heap, got I32 in a HostInts",
                assertThrows(IllegalArgumentException.class, ints::floats).getMessage());
        assertThrows(IllegalArgumentException.class, ints::bfloat16s);
    }

    @Test
    void aReshapeThatWouldNeedACopyIsRefused() {
        NdArray matrix = NdArray.of(new float[6], 2, 3);
        Layout transposed = matrix.layout().transpose(0, 1);
        assertEquals(
                "reshape: (3, 2) strides [1, 3] offset 0 is not contiguous; copy it first",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> matrix.with(transposed).reshape(Shape.of(6)))
                        .getMessage());
    }
}
