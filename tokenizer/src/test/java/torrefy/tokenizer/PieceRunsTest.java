package torrefy.tokenizer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PieceRunsTest {

    /// A gigabyte of text with a cap of a thousand pieces is thousands of runs, more than a process may have files
    /// open.
    @Test
    void manyRunsTakeFewFilesAndNoPieceIsLost() throws IOException {
        Map<String, Long> expected = new TreeMap<>();
        try (PieceRuns runs = new PieceRuns()) {
            int most = 0;
            for (int run = 0; run < 300; run++) {
                PieceCounts counts = new PieceCounts();
                for (int i = 0; i < 10; i++) {
                    String piece = "p" + run * i % 97;
                    counts.add(Utf8.encode(piece), 0, piece.length(), run + 1);
                    expected.merge(piece, run + 1L, Long::sum);
                }
                runs.put(counts);
                assertEquals(0, counts.size());
                most = Math.max(most, runs.files());
            }
            assertTrue(most <= 65, most + " files");
            List<String> found = new ArrayList<>();
            runs.forEach((piece, count) -> {
                String name = new String(piece, StandardCharsets.US_ASCII);
                found.add(name);
                assertEquals(expected.get(name), count, name);
            });
            assertEquals(new ArrayList<>(expected.keySet()), found);
        }
    }
}
