package torrefy.model.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class BatchesTest {

    /// Token i of this text is i: a window's first token is its place.
    private static TokenSource counting(long length) {
        return new TokenSource() {
            @Override
            public long length() {
                return length;
            }

            @Override
            public void read(long from, int[] out, int at, int count) {
                assertTrue(from >= 0 && from + count <= length, from + " + " + count + " of " + length);
                for (int i = 0; i < count; i++) {
                    out[at + i] = (int) (from + i);
                }
            }
        };
    }

    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
    void everyWindowComesOnceAnEpochAndTargetsFollowInputs(
            @ForAll @IntRange(min = 1, max = 13) int sequences,
            @ForAll @IntRange(min = 1, max = 17) int length,
            @ForAll @IntRange(min = 0, max = 300) int more,
            @ForAll long seed) {
        int tokens = length * (sequences + 1) + more;
        Batches batches = new Batches(counting(tokens), sequences, length, seed);
        int windows = Math.toIntExact(batches.windows());
        assertEquals((tokens - length) / length, windows);
        int epochs = 3;
        int count = (epochs * windows + sequences - 1) / sequences;
        int[] starts = new int[count * sequences];
        for (int index = 0; index < count; index++) {
            Batch batch = batches.batch(index);
            assertEquals(sequences, batch.sequences());
            assertEquals(length, batch.length());
            for (int i = 0; i < sequences * length; i++) {
                assertEquals(batch.inputs()[i] + 1, batch.targets()[i]);
                int inWindow = i % length;
                assertEquals(batch.inputs()[i - inWindow] + inWindow, batch.inputs()[i]);
            }
            for (int sequence = 0; sequence < sequences; sequence++) {
                starts[index * sequences + sequence] = batch.inputs()[sequence * length];
            }
        }
        for (int epoch = 0; epoch < epochs; epoch++) {
            int[] dealt = Arrays.copyOfRange(starts, epoch * windows, (epoch + 1) * windows);
            Arrays.sort(dealt);
            assertTrue(dealt[0] < length);
            for (int i = 1; i < windows; i++) {
                assertEquals(dealt[0] + i * length, dealt[i]);
            }
        }
    }

    @Test
    void theOrderAndTheOffsetChangeFromEpochToEpoch() {
        Batches batches = new Batches(counting(31 * 14), 13, 31, 1);
        Set<List<Integer>> orders = new HashSet<>();
        Set<Integer> offsets = new TreeSet<>();
        for (int epoch = 0; epoch < 8; epoch++) {
            int[] inputs = batches.batch(epoch).inputs();
            List<Integer> starts =
                    IntStream.range(0, 13).mapToObj(i -> inputs[i * 31]).toList();
            offsets.add(starts.stream().min(Integer::compare).orElseThrow());
            orders.add(starts.stream().map(start -> start / 31).toList());
        }
        assertEquals(8, orders.size());
        // 8 draws from 31 offsets: that at most two differ has probability below 1e-7.
        assertTrue(offsets.size() > 2, offsets.toString());
    }

    @Test
    void aBatchIsAFunctionOfSeedAndIndexAlone() {
        Batches inOrder = new Batches(counting(1000), 3, 7, 5);
        Batches again = new Batches(counting(1000), 3, 7, 5);
        Batch late = again.batch(500);
        Batch early = again.batch(2);
        for (int index = 0; index <= 500; index++) {
            Batch batch = inOrder.batch(index);
            if (index == 2) {
                assertArrayEquals(batch.inputs(), early.inputs());
            }
            if (index == 500) {
                assertArrayEquals(batch.inputs(), late.inputs());
                assertArrayEquals(batch.targets(), late.targets());
            }
        }
        assertFalse(Arrays.equals(
                late.inputs(), new Batches(counting(1000), 3, 7, 6).batch(500).inputs()));
    }

    @Test
    void theSmallestTextThatDoesIsOneBatchAndTheOffset() {
        Batches batches = new Batches(counting(4 * 31), 3, 31, 1);
        assertEquals(3, batches.windows());
        for (int index = 0; index < 50; index++) {
            batches.batch(index);
        }
        String message = assertThrows(IllegalArgumentException.class, () -> new Batches(counting(4 * 31 - 1), 3, 31, 1))
                .getMessage();
        assertTrue(message.contains("123 tokens"), message);
        assertTrue(message.contains("3 sequences of 31"), message);
        assertTrue(message.contains("at least 124"), message);
        assertThrows(IllegalArgumentException.class, () -> new Batches(counting(0), 1, 1, 1));
    }

    @Test
    void aBatchOfNothingOrOfTooMuchIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Batches(counting(100), 0, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> new Batches(counting(100), 1, 0, 1));
        assertThrows(IllegalArgumentException.class, () -> new Batches(counting(1L << 40), 1 << 16, 1 << 15, 1));
    }

    /// 10^12 tokens, more than an int counts: read from all over the text, and nothing is allocated for the order.
    @Test
    void aTextOfATrillionTokensIsDealtWithoutATable() {
        long length = 1_000_000_000_000L;
        Set<Long> places = new HashSet<>();
        TokenSource source = new TokenSource() {
            @Override
            public long length() {
                return length;
            }

            @Override
            public void read(long from, int[] out, int at, int count) {
                assertTrue(from >= 0 && from + count <= length);
                assertTrue(places.add(from / 8));
            }
        };
        Batches batches = new Batches(source, 31, 8, 1);
        assertEquals(length / 8 - 1, batches.windows());
        for (int index = 0; index < 10; index++) {
            batches.batch(index);
        }
        // Deep inside the first epoch, and in the second.
        batches.batch(batches.windows() / 31 - 1);
        batches.batch(batches.windows() / 31 + 1);
        assertTrue(places.stream().anyMatch(place -> place < length / 16));
        assertTrue(places.stream().anyMatch(place -> place > length / 16));
        assertEquals(2, batches.epochs(2 * batches.windows() / 31), 1e-9);
    }

    @Test
    void aTokenSourceOfAnArrayReadsWhatIsAskedFor() {
        TokenSource source = TokenSource.of(5, 6, 7, 8);
        int[] out = {-1, -1, -1, -1};
        source.read(1, out, 2, 2);
        assertArrayEquals(new int[] {-1, -1, 6, 7}, out);
        assertEquals(4, source.length());
        assertThrows(IndexOutOfBoundsException.class, () -> source.read(3, out, 0, 2));
    }
}
