package torrefy.core.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import torrefy.core.memory.Arena;
import torrefy.core.memory.Buffer;
import torrefy.core.memory.DataType;
import torrefy.core.memory.NdArray;
import torrefy.core.shape.Shape;

class PlanningBackendTest {

    private final PlanningBackend backend = new PlanningBackend();

    /// Sixteen gigabytes: nobody has to have them.
    @Test
    void buffersAreLengthsAndAreCounted() {
        Buffer large = backend.allocate(DataType.F32, Integer.MAX_VALUE);
        backend.allocate(DataType.I32, Integer.MAX_VALUE);
        backend.memoryless(DataType.F32, 7);
        assertEquals(Integer.MAX_VALUE, large.length());
        assertEquals(8L * Integer.MAX_VALUE, backend.allocatedBytes());
        assertEquals(2, backend.allocations());
    }

    @Test
    void kernelsDoNothingAndFindEverythingInOrder() {
        NdArray array = NdArray.of(backend.allocate(DataType.F32, 6), Shape.of(2, 3));
        backend.elementwise().fill(array, 3);
        backend.matmul().matmulBias(array, array, array, array, backend.elementwise());
        assertEquals(0, backend.reduction().sumOfSquares(array));
        assertTrue(backend.reduction().allFinite(array));
        assertEquals(-1, backend.index().firstOutOfRange(NdArray.of(backend.upload(new int[] {9}), Shape.of(1)), 3, 0));
        float[] out = {1, 1, 1, 1, 1, 1, 1};
        backend.download(array, out, 1);
        assertArrayEquals(new float[] {1, 0, 0, 0, 0, 0, 0}, out);
    }

    @Test
    void aListenerHearsOfEveryKernelWithItsArguments() {
        List<String> heard = new ArrayList<>();
        PlanningBackend listening =
                new PlanningBackend((kernel, arguments) -> heard.add(kernel.getDeclaringClass()
                                .getSimpleName() + "." + kernel.getName() + ((NdArray) arguments[0]).shape()));
        NdArray array = NdArray.of(listening.allocate(DataType.F32, 6), Shape.of(2, 3));
        listening.elementwise().fill(array, 3);
        listening.matmul().matmul(array, array, array, true);
        assertEquals(List.of("ElementwiseKernels.fill(2, 3)", "MatmulKernels.matmul(2, 3)"), heard);
    }

    @Test
    void anArenaOfItIsAsLargeAsItsStepsFillIt() {
        Arena arena = Arena.planning(backend::memoryless);
        arena.step(() -> {
            Buffer first = arena.allocate(DataType.F32, 1 << 30);
            arena.allocate(DataType.F32, 1 << 30);
            // Behind the two there is no room in one Java array.
            arena.allocate(DataType.F32, 1 << 30);
            arena.free(first);
            arena.allocate(DataType.F32, 1 << 30);
            return null;
        });
        assertEquals(12L << 30, arena.size().bytes());
        assertEquals(12L << 30, arena.peakBytes());
        assertEquals(0, backend.allocatedBytes());
    }
}
