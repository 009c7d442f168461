package torrefy.tokenizer.corpus.dedup;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskSortTest {

    @TempDir
    Path folder;

    private List<long[]> sorted(List<long[]> records, int width, int longsInMemory) throws IOException {
        List<long[]> sorted = new ArrayList<>();
        try (DiskSort sort = new DiskSort(folder, "test", width, longsInMemory)) {
            for (long[] record : records) {
                sort.add(record);
            }
            sort.forEach(record -> sorted.add(record.clone()));
        }
        return sorted;
    }

    private static List<long[]> random(int count, int width, int range) {
        Random random = new Random(count + width);
        List<long[]> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long[] record = new long[width];
            Arrays.setAll(record, k -> random.nextInt(4) == 0 ? -random.nextInt(range) : random.nextInt(range));
            records.add(record);
        }
        return records;
    }

    @Test
    void theOrderIsThatOfUnsignedNumbersHoweverLittleFitsIntoMemory() throws IOException {
        for (int width : new int[] {1, 2, 5}) {
            for (int count : new int[] {0, 1, 13, 4098}) {
                List<long[]> records = random(count, width, 50);
                List<long[]> expected = records.stream()
                        .sorted((a, b) -> RecordOrder.compare(a, 0, b, 0, width))
                        .toList();
                for (int longs : new int[] {1, 31, 1000, 1 << 16}) {
                    if (count / Math.max(1, longs / width) > 1000) {
                        continue;
                    }
                    List<long[]> sorted = sorted(records, width, longs);
                    assertEquals(count, sorted.size());
                    for (int i = 0; i < count; i++) {
                        assertArrayEquals(expected.get(i), sorted.get(i));
                    }
                }
            }
        }
        assertEquals(1, RecordOrder.compare(new long[] {-1}, 0, new long[] {1}, 0, 1));
    }

    /// More runs than are merged at once.
    @Test
    void runsOfRunsAreMergedAndNothingIsLeftBehind() throws IOException {
        List<long[]> records = random(700, 2, 1_000_000);
        assertEquals(700, sorted(records, 2, 4).size());
        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(0, left.count());
        }
    }

    @Test
    void aRecordOfAnotherWidthIsRefused() throws IOException {
        try (DiskSort sort = new DiskSort(folder, "test", 2)) {
            assertThrows(IllegalArgumentException.class, () -> sort.add(1, 2, 3));
        }
    }
}
