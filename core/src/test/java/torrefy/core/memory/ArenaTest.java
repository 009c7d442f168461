package torrefy.core.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ArenaTest {

    private final List<Integer> slabs = new ArrayList<>();
    private final Arena arena = new Arena((type, length) -> {
        slabs.add(length);
        return switch (type) {
            case F32 -> HostFloats.zeros(length);
            case I32 -> HostInts.zeros(length);
            case BF16 -> HostBfloat16s.zeros(length);
        };
    });

    @Test
    void aStepLikeTheOneBeforeMakesNoNewSlab() {
        int[] lengths = {1, 7, 300_000, 13, 0, 4098, 1 << 18, 207, 600_000, 31};
        List<Integer> starts = new ArrayList<>();
        for (int step = 0; step < 5; step++) {
            List<Integer> now = new ArrayList<>();
            int before = slabs.size();
            arena.step(() -> {
                for (int length : lengths) {
                    for (DataType type : DataType.values()) {
                        Buffer buffer = arena.allocate(type, length);
                        assertEquals(length, buffer.length());
                        assertEquals(type, buffer.type());
                        now.add(start(buffer));
                    }
                }
                return null;
            });
            if (step > 0) {
                assertEquals(before, slabs.size(), "step " + step + " made a slab");
                assertEquals(starts, now, "the same requests find the same places");
            }
            starts = now;
        }
    }

    @Test
    void buffersOfOneStepDoNotOverlapAndBeginAtCacheLines() {
        Random random = new Random(5);
        List<HostFloats> taken = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            HostFloats buffer = (HostFloats) arena.allocate(DataType.F32, random.nextInt(10_000));
            assertEquals(0, buffer.start() % 16);
            java.util.Arrays.fill(buffer.array(), buffer.start(), buffer.start() + buffer.length(), i);
            taken.add(buffer);
        }
        for (int i = 0; i < taken.size(); i++) {
            HostFloats buffer = taken.get(i);
            for (int j = 0; j < buffer.length(); j++) {
                assertEquals(i, buffer.array()[buffer.start() + j], "buffer " + i + " was overwritten");
            }
        }
        assertTrue(slabs.size() > 1, "the test spans slabs");
    }

    @Test
    void aBufferUsedAfterItsStepThrowsAndSaysWhatToDo() {
        HostFloats kept = arena.step(() -> (HostFloats) arena.allocate(DataType.F32, 7));
        IllegalStateException e = assertThrows(IllegalStateException.class, kept::array);
        assertEquals(
                "this tensor's memory belonged to step 0 of an arena that is now at step 1;"
                        + " copy what must outlive its step (Tensor.detachedCopy())",
                e.getMessage());
        HostFloats part = kept.slice(1, 2);
        assertThrows(IllegalStateException.class, part::array, "a part dies with the whole");
        assertTrue(part.isLeased());
    }

    @Test
    void aStepIsResetWhenItThrows() {
        List<HostInts> kept = new ArrayList<>();
        IllegalArgumentException failure = new IllegalArgumentException("bad batch");
        assertSame(
                failure,
                assertThrows(
                        IllegalArgumentException.class,
                        () -> arena.step(() -> {
                            kept.add((HostInts) arena.allocate(DataType.I32, 7));
                            throw failure;
                        })));
        assertThrows(IllegalStateException.class, () -> kept.get(0).array());
        assertNull(Arena.current());
    }

    @Test
    void theArenaIsKnownInsideItsStepOnly() throws InterruptedException {
        assertNull(Arena.current());
        Arena inside = arena.step(Arena::current);
        assertSame(arena, inside);
        assertNull(Arena.current());
        List<Arena> seen = new ArrayList<>();
        Thread other = new Thread(() -> seen.add(Arena.current()));
        arena.step(() -> {
            other.start();
            try {
                other.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return null;
        });
        assertNull(seen.get(0), "another thread allocates as always");
    }

    @Test
    void withAssertionsAResetPoisonsWhatItTakesBack() {
        float[][] slab = new float[1][];
        int start = arena.step(() -> {
            HostFloats buffer = (HostFloats) arena.allocate(DataType.F32, 3);
            slab[0] = buffer.array();
            slab[0][buffer.start()] = 1;
            return buffer.start();
        });
        assertTrue(Float.isNaN(slab[0][start]));
    }

    @Test
    void thePeakIsWhatOneStepHeldAtOnce() {
        arena.step(() -> {
            arena.allocate(DataType.F32, 100);
            return arena.allocate(DataType.BF16, 100).length();
        });
        arena.step(() -> arena.allocate(DataType.I32, 100).length());
        assertEquals(600, arena.peakBytes());
    }

    @Test
    void buffersOfTheHeapAreNeverDead() {
        HostFloats buffer = HostFloats.zeros(3);
        arena.reset();
        assertEquals(3, buffer.array().length);
        assertFalse(buffer.isLeased());
    }

    private static int start(Buffer buffer) {
        return NdArray.of(buffer, torrefy.core.shape.Shape.of(0)).start();
    }
}
