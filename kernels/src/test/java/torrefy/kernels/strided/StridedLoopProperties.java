package torrefy.kernels.strided;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import torrefy.core.memory.NdArray;
import torrefy.core.parallel.ParallelLoop;
import torrefy.core.shape.Layout;
import torrefy.core.shape.Shape;

class StridedLoopProperties {

    private static final ParallelLoop LOOP = new ParallelLoop(2);

    /// Sizes, and an order in which the axes of the array that is read lie in memory.
    record Axes(int[] sizes, int[] order) {
        @Override
        public String toString() {
            return Arrays.toString(sizes) + " in order " + Arrays.toString(order);
        }
    }

    @Provide
    Arbitrary<Axes> axes() {
        return Arbitraries.integers().between(0, 5).flatMap(rank -> {
            Integer[] numbers = new Integer[rank];
            Arrays.setAll(numbers, i -> i);
            return Combinators.combine(
                            Arbitraries.of(0, 1, 2, 3, 7, 13).array(int[].class).ofSize(rank),
                            Arbitraries.shuffle(numbers))
                    .as((sizes, order) ->
                            new Axes(sizes, order.stream().mapToInt(i -> i).toArray()));
        });
    }

    /// The array read holds the row-major number of each element where its layout puts it.
    private static NdArray numbered(Axes axes) {
        int rank = axes.sizes.length;
        int[] stored = new int[rank];
        int[] back = new int[rank];
        for (int i = 0; i < rank; i++) {
            stored[i] = axes.sizes[axes.order[i]];
            back[axes.order[i]] = i;
        }
        Layout layout = Layout.contiguous(Shape.of(stored)).permute(back);
        int elements = layout.shape().elements();
        int[] memory = new int[elements];
        for (int i = 0; i < elements; i++) {
            int rest = i;
            int at = 0;
            for (int axis = rank - 1; axis >= 0; axis--) {
                at += rest % axes.sizes[axis] * layout.stride(axis);
                rest /= axes.sizes[axis];
            }
            memory[at] = i;
        }
        return NdArray.of(memory, stored).with(layout);
    }

    @Property(tries = 300)
    void everyElementIsVisitedOnceWithItsPartner(@ForAll("axes") Axes axes) {
        NdArray in = numbered(axes);
        int elements = in.elements();
        int[] out = new int[elements];
        Arrays.fill(out, -1);
        int[] visits = new int[elements];
        int[] source = in.ints();
        StridedLoop.over(NdArray.of(out, axes.sizes), in).run(LOOP, (at, stride, length) -> {
            for (int i = 0; i < length; i++) {
                out[at[0] + i * stride[0]] = source[at[1] + i * stride[1]];
                visits[at[0] + i * stride[0]]++;
            }
        });
        int[] expected = new int[elements];
        Arrays.setAll(expected, i -> i);
        assertArrayEquals(expected, out);
        assertEquals(elements, Arrays.stream(visits).filter(n -> n == 1).count());
    }

    @Property(tries = 100)
    void contiguousArraysAreOneRun(@ForAll("axes") Axes axes) {
        NdArray array = NdArray.of(new int[Shape.of(axes.sizes).elements()], axes.sizes);
        StridedLoop loop = StridedLoop.over(array, array);
        assertEquals(array.elements() == 0 ? 0 : 1, loop.runs());
        assertEquals(array.elements(), loop.runs() * loop.length());
    }
}
