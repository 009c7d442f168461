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
    void aBufferThatWasGivenBackIsDeadAndSaysWhatToDo() {
        HostFloats buffer = (HostFloats) arena.allocate(DataType.F32, 7);
        HostFloats part = buffer.slice(1, 2);
        arena.free(buffer);
        String message =
                assertThrows(IllegalStateException.class, buffer::array).getMessage();
        assertEquals(
                "this tensor's memory was given back, because backward had passed it or its scope was over;"
                        + " copy what must outlive that beforehand (Tensor.detachedCopy())",
                message);
        assertThrows(IllegalStateException.class, part::array, "a part dies with the whole");
        assertThrows(IllegalStateException.class, () -> arena.free(buffer), "given back twice");
        arena.reset();
        assertThrows(IllegalStateException.class, buffer::array);
    }

    @Test
    void onlyWholeBuffersOfThisArenaAreTakenBack() {
        HostFloats buffer = (HostFloats) arena.allocate(DataType.F32, 7);
        HostFloats part = buffer.slice(1, 2);
        Arena other = new Arena((type, length) -> HostFloats.zeros(length));
        assertThrows(IllegalArgumentException.class, () -> arena.free(part));
        assertThrows(IllegalArgumentException.class, () -> other.free(buffer));
        assertThrows(IllegalArgumentException.class, () -> arena.free(HostFloats.zeros(3)));
        buffer.array();
    }

    @Test
    void memoryThatWasGivenBackIsGivenOutAgain() {
        int a = start(arena.allocate(DataType.F32, 100));
        Buffer b = arena.allocate(DataType.F32, 50);
        Buffer c = arena.allocate(DataType.F32, 100);
        arena.allocate(DataType.F32, 1);
        int placeOfB = start(b);
        int placeOfC = start(c);
        arena.free(b);
        assertEquals(placeOfB, start(arena.allocate(DataType.F32, 49)), "into the gap");
        arena.free(c);
        int small = start(arena.allocate(DataType.F32, 16));
        assertEquals(placeOfC, small);
        assertEquals(placeOfC + 16, start(arena.allocate(DataType.F32, 96)), "behind it");
        assertEquals(0, a);
    }

    @Test
    void neighboursThatWereGivenBackAreOneGap() {
        List<Buffer> buffers = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            buffers.add(arena.allocate(DataType.F32, 32));
        }
        for (int i : new int[] {1, 3, 2}) {
            arena.free(buffers.get(i));
        }
        assertEquals(32, start(arena.allocate(DataType.F32, 96)));
    }

    /// Against a list of all that is in use, on random requests.
    @Test
    void buffersInUseNeverOverlapHoweverTheyComeBack() {
        Random random = new Random(7);
        List<HostFloats> live = new ArrayList<>();
        int next = 0;
        for (int i = 0; i < 3000; i++) {
            if (random.nextInt(100) < 52 || live.isEmpty()) {
                HostFloats buffer = (HostFloats) arena.allocate(DataType.F32, random.nextInt(3000));
                java.util.Arrays.fill(buffer.array(), buffer.start(), buffer.start() + buffer.length(), next++);
                live.add(buffer);
            } else {
                HostFloats buffer = live.remove(random.nextInt(live.size()));
                for (int j = 1; j < buffer.length(); j++) {
                    assertEquals(buffer.array()[buffer.start()], buffer.array()[buffer.start() + j]);
                }
                arena.free(buffer);
            }
        }
        live.forEach(arena::free);
        assertEquals(0, start(arena.allocate(DataType.F32, 1 << 18)), "all gaps have become one");
    }

    @Test
    void theLastHolderGivesABufferBack() {
        HostFloats buffer = (HostFloats) arena.allocate(DataType.F32, 7);
        HostFloats part = buffer.slice(1, 2);
        buffer.retain();
        part.retain();
        assertEquals(2, buffer.holders(), "a part is held for the whole");
        buffer.release();
        assertEquals(7, buffer.length());
        assertEquals(part.start(), buffer.start() + 1);
        buffer.array();
        part.release();
        assertThrows(IllegalStateException.class, buffer::array);
        HostFloats heap = HostFloats.zeros(3);
        heap.retain();
        heap.release();
        assertEquals(3, heap.array().length, "memory of the heap goes nowhere");
    }

    @Test
    void aScopeGivesBackAllButItsResultAndWhatIsHeld() {
        HostFloats before = (HostFloats) arena.allocate(DataType.F32, 7);
        List<HostFloats> inside = new ArrayList<>();
        HostFloats result = arena.scope(
                () -> {
                    for (int i = 0; i < 4; i++) {
                        inside.add((HostFloats) arena.allocate(DataType.F32, 7));
                    }
                    inside.get(1).retain();
                    arena.free(inside.get(3));
                    return inside.get(2).slice(0, 3);
                },
                buffer -> buffer);
        before.array();
        result.array();
        assertThrows(IllegalStateException.class, inside.get(0)::array);
        inside.get(1).array();
        inside.get(2).array();
        assertThrows(IllegalStateException.class, inside.get(3)::array);
    }

    @Test
    void whatAnInnerScopeKeepsTheOuterOneGivesBack() {
        List<HostFloats> inside = new ArrayList<>();
        arena.scope(
                () -> {
                    inside.add(arena.scope(() -> (HostFloats) arena.allocate(DataType.F32, 7), buffer -> buffer));
                    inside.get(0).array();
                    return null;
                },
                nothing -> null);
        assertThrows(IllegalStateException.class, inside.get(0)::array);
    }

    @Test
    void aScopeThatThrowsGivesBackEverything() {
        List<HostFloats> inside = new ArrayList<>();
        assertThrows(
                IllegalArgumentException.class,
                () -> arena.scope(
                        () -> {
                            inside.add((HostFloats) arena.allocate(DataType.F32, 7));
                            throw new IllegalArgumentException("bad shape");
                        },
                        buffer -> null));
        assertThrows(IllegalStateException.class, inside.get(0)::array);
    }

    @Test
    void thePeakCountsWhatCameBackNoMore() {
        for (int i = 0; i < 5; i++) {
            arena.free(arena.allocate(DataType.F32, 100));
        }
        assertEquals(400, arena.peakBytes());
    }

    @Test
    void anArenaOfThePlannedSizeMakesOneSlabAndFillsIt() {
        Arena planning = Arena.planning((type, length) -> new Memoryless(type, length));
        List<Integer> plannedPlaces = requests(planning, 3);
        ArenaSize size = planning.size();
        arena.reserve(size);
        assertEquals(0, arena.reservedBytes(), "slabs are made when they are needed");
        List<Integer> places = requests(arena, 3);
        assertEquals(plannedPlaces, places);
        assertEquals(1, slabs.size());
        assertEquals(size, arena.size());
        assertEquals(size.bytes(), arena.reservedBytes());
        assertEquals(planning.peakBytes(), arena.peakBytes());
        arena.reset();
        arena.reserve(size);
        assertEquals(places, requests(arena, 3));
        assertEquals(1, slabs.size(), "an equal plan changes nothing");
        arena.allocate(DataType.F32, 1_000_000);
        assertEquals(2, slabs.size(), "what was not planned gets a slab of its own");
    }

    /// Places of random requests, some of which come back.
    private static List<Integer> requests(Arena arena, long seed) {
        Random random = new Random(seed);
        List<Integer> places = new ArrayList<>();
        List<Buffer> live = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            if (random.nextInt(3) < 2 || live.isEmpty()) {
                live.add(arena.allocate(DataType.F32, 1 + random.nextInt(1000)));
                places.add(live.getLast().place());
            } else {
                arena.free(live.remove(random.nextInt(live.size())));
            }
        }
        return places;
    }

    /// A buffer that is only a length.
    private static final class Memoryless extends Buffer {
        Memoryless(DataType type, int length) {
            super(type, length);
        }

        @Override
        public Buffer slice(int offset, int length) {
            return withLease(new Memoryless(type(), length));
        }

        @Override
        protected void poison() {}
    }

    @Test
    void anArenaInUseIsNotReserved() {
        arena.allocate(DataType.F32, 7);
        assertThrows(IllegalStateException.class, () -> arena.reserve(arena.size()));
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
