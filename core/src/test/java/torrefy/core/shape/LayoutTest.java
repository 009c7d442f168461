package torrefy.core.shape;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class LayoutTest {

    @Test
    void rowMajorStridesAreProductsOfTheInnerSizes() {
        Layout layout = Layout.contiguous(Shape.of(4, 2, 3));
        assertEquals("(4, 2, 3) strides [6, 3, 1] offset 0", layout.toString());
        assertTrue(layout.isContiguous());
        assertEquals(6, layout.stride(0));
        assertEquals(1, layout.stride(-1));
    }

    @Test
    void aTransposeIsNotContiguousUnlessAnAxisIsOne() {
        assertFalse(Layout.contiguous(Shape.of(4, 3)).transpose(0, 1).isContiguous());
        assertTrue(Layout.contiguous(Shape.of(1, 3)).transpose(0, 1).isContiguous());
        assertTrue(Layout.contiguous(Shape.of(0, 3)).transpose(0, 1).isContiguous());
    }

    @Test
    void errorsShowTheShape() {
        Layout layout = Layout.contiguous(Shape.of(4, 3));
        assertMessage("permute: shape (4, 3) has 2 axes, the order 1", () -> layout.permute(0));
        assertMessage("permute: axis 1 stands twice in the order for (4, 3)", () -> layout.permute(1, -1));
        assertMessage("slice: 2 to 5 does not lie in axis 0 of shape (4, 3)", () -> layout.slice(0, 2, 3));
        assertMessage("slice: -1 to 1 does not lie in axis 0 of shape (4, 3)", () -> layout.slice(0, -1, 2));
        assertMessage(
                "slice: 1 to 2147483648 does not lie in axis 0 of shape (4, 3)",
                () -> layout.slice(0, 1, Integer.MAX_VALUE));
        assertMessage("expand: shape (4, 3) does not stretch to (4, 6)", () -> layout.broadcastTo(Shape.of(4, 6)));
        assertMessage("reshape: (4, 3) has 12 elements, (5, 3) has 15", () -> layout.reshape(Shape.of(5, 3)));
    }

    @Test
    void axesOfSizeOneDoNotHinderAReshape() {
        // The row of a transposed matrix: one axis of size 1, whose stride fits nothing, and one of stride 6.
        Layout row = Layout.contiguous(Shape.of(5, 6)).transpose(0, 1).slice(0, 2, 1);
        assertEquals("(1, 5) strides [1, 6] offset 2", row.toString());
        assertEquals("(5) strides [6] offset 2", row.reshape(Shape.of(5)).toString());
    }

    /// The definition: a layout is the list of the places of its elements, in row-major order. Every operation is
    /// repeated on that list, by the meaning of the operation alone, and has to come to the same places.
    @Property(tries = 1000)
    void anyChainOfOperationsAddressesTheElementsOfANaiveIndexMap(
            @ForAll long seed,
            @ForAll @IntRange(max = 4) int rank,
            @ForAll @IntRange(min = 1, max = 6) int operations) {
        Random random = new Random(seed);
        Shape shape = Shape.of(random.ints(rank, 0, 5)
                .map(size -> size == 0 ? random.nextInt(2) : size)
                .toArray());
        Layout layout = Layout.contiguous(shape);
        int[] places = IntStream.range(0, shape.elements()).toArray();
        for (int i = 0; i < operations; i++) {
            Shape before = layout.shape();
            int[] was = places;
            switch (random.nextInt(4)) {
                case 0 -> {
                    int[] order = shuffled(before.rank(), random);
                    layout = layout.permute(order);
                    places = map(layout.shape(), index -> {
                        int[] source = new int[index.length];
                        for (int axis = 0; axis < index.length; axis++) {
                            source[order[axis]] = index[axis];
                        }
                        return was[position(before, source)];
                    });
                }
                case 1 -> {
                    if (before.rank() > 0) {
                        int axis = random.nextInt(before.rank());
                        int from = random.nextInt(before.size(axis) + 1);
                        int length = random.nextInt(before.size(axis) - from + 1);
                        layout = layout.slice(axis, from, length);
                        places = map(layout.shape(), index -> {
                            index[axis] += from;
                            return was[position(before, index)];
                        });
                    }
                }
                case 2 -> {
                    int extra = before.rank() > 4 ? 0 : random.nextInt(2);
                    int[] target = new int[before.rank() + extra];
                    for (int axis = 0; axis < target.length; axis++) {
                        int size = axis < extra ? 1 : before.size(axis - extra);
                        target[axis] = size == 1 ? random.nextInt(1, 4) : size;
                    }
                    layout = layout.broadcastTo(Shape.of(target));
                    places = map(layout.shape(), index -> {
                        int[] source = Arrays.copyOfRange(index, extra, index.length);
                        for (int axis = 0; axis < source.length; axis++) {
                            source[axis] = before.size(axis) == 1 ? 0 : source[axis];
                        }
                        return was[position(before, source)];
                    });
                }
                default -> {
                    Shape target = randomShapeOf(before.elements(), random);
                    Layout reshaped = layout.reshape(target);
                    if (reshaped == null) {
                        assertFalse(
                                hasStrides(target, places),
                                () -> "strides exist that lead to " + target + ", none found");
                    } else {
                        layout = reshaped;
                    }
                }
            }
            assertArrayEquals(places, places(layout));
            assertEquals(isRun(places), layout.isContiguous());
        }
    }

    @Test
    void whatNoStridesCanSayIsNull() {
        Layout transposed = Layout.contiguous(Shape.of(4, 3)).transpose(0, 1);
        assertNull(transposed.reshape(Shape.of(12)));
        assertNotNull(transposed.reshape(Shape.of(3, 2, 2)));
        assertNotNull(transposed.reshape(Shape.of(1, 3, 1, 4, 1)));
    }

    private interface Place {
        int of(int[] index);
    }

    private static int[] map(Shape shape, Place place) {
        int[] places = new int[shape.elements()];
        for (int i = 0; i < places.length; i++) {
            places[i] = place.of(index(shape, i));
        }
        return places;
    }

    private static int[] places(Layout layout) {
        return map(layout.shape(), index -> {
            int place = layout.offset();
            for (int axis = 0; axis < index.length; axis++) {
                place += index[axis] * layout.stride(axis);
            }
            return place;
        });
    }

    private static int[] index(Shape shape, int position) {
        int[] index = new int[shape.rank()];
        for (int axis = shape.rank() - 1; axis >= 0; axis--) {
            index[axis] = position % shape.size(axis);
            position /= shape.size(axis);
        }
        return index;
    }

    private static int position(Shape shape, int[] index) {
        int position = 0;
        for (int axis = 0; axis < index.length; axis++) {
            position = position * shape.size(axis) + index[axis];
        }
        return position;
    }

    /// Whether `places`, read in the order of `shape`, change by a fixed amount along every axis.
    private static boolean hasStrides(Shape shape, int[] places) {
        int[] strides = new int[shape.rank()];
        for (int axis = 0; axis < strides.length; axis++) {
            if (shape.size(axis) > 1) {
                int[] neighbour = new int[strides.length];
                neighbour[axis] = 1;
                strides[axis] = places[position(shape, neighbour)] - places[0];
            }
        }
        int[] said = map(shape, index -> {
            int place = places[0];
            for (int axis = 0; axis < index.length; axis++) {
                place += index[axis] * strides[axis];
            }
            return place;
        });
        return Arrays.equals(places, said);
    }

    private static boolean isRun(int[] places) {
        return IntStream.range(1, places.length).allMatch(i -> places[i] == places[i - 1] + 1);
    }

    private static int[] shuffled(int count, Random random) {
        int[] order = IntStream.range(0, count).toArray();
        for (int i = count - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swapped = order[i];
            order[i] = order[j];
            order[j] = swapped;
        }
        return order;
    }

    private static Shape randomShapeOf(int elements, Random random) {
        Shape shape = random.nextBoolean() ? Shape.SCALAR : Shape.of(1);
        int rest = elements;
        while (rest > 1 && shape.rank() < 4) {
            int size = random.nextInt(1, rest + 1);
            if (rest % size == 0) {
                shape = shape.concat(Shape.of(size));
                rest /= size;
            }
        }
        return rest == 1 ? shape : shape.concat(Shape.of(rest));
    }

    private static void assertMessage(String expected, Runnable code) {
        assertEquals(
                expected,
                assertThrows(IllegalArgumentException.class, code::run).getMessage());
    }
}
