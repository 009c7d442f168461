package torrefy.tokenizer.corpus.dedup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import torrefy.tokenizer.corpus.filter.TextView;
import torrefy.tokenizer.corpus.read.TextForm;

class NearDuplicatesTest {

    private static final MinHash OF_WORDS = new MinHash(1, 14, 8);

    @TempDir
    Path folder;

    private int[] leaders(List<String> texts) throws IOException {
        List<int[]> signatures = texts.stream()
                .map(text -> OF_WORDS.signature(new TextView(text, TextForm.PROSE)))
                .toList();
        int[] leaders = new int[texts.size()];
        try (NearDuplicates duplicates = new NearDuplicates(OF_WORDS, 0.75, folder)) {
            for (int[] signature : signatures) {
                duplicates.add(signature);
            }
            duplicates.forEach(
                    rank -> signatures.get((int) rank), (rank, leader) -> leaders[(int) rank] = (int) leader);
        }
        return leaders;
    }

    /// Pairs of texts of `shared` common words and `own` of their own.
    private static List<String> pairs(int count, int shared, int own) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            StringBuilder common = new StringBuilder();
            for (int j = 0; j < shared; j++) {
                common.append("c").append(i).append("x").append(j).append(' ');
            }
            for (String side : List.of("a", "b")) {
                StringBuilder text = new StringBuilder(common);
                for (int j = 0; j < own; j++) {
                    text.append(side).append(i).append("x").append(j).append(' ');
                }
                texts.add(text.toString());
            }
        }
        return texts;
    }

    private static int joined(int[] leaders) {
        int joined = 0;
        for (int i = 1; i < leaders.length; i += 2) {
            joined += leaders[i] == i - 1 ? 1 : 0;
        }
        return joined;
    }

    @Test
    void moreThan95PerCentAreFoundAtASimilarityOf85() throws IOException {
        // 170 / (170 + 2 · 15) = 0.85.
        int found = joined(leaders(pairs(1000, 170, 15)));
        assertTrue(found >= 950, found + " of 1000");
    }

    @Test
    void fewerThanOneInAThousandIsMergedAtASimilarityOfAHalf() throws IOException {
        int merged = joined(leaders(pairs(4000, 100, 50)));
        assertTrue(merged < 4, merged + " of 4000");
    }

    @Test
    void textsThatHaveNothingInCommonStay() throws IOException {
        int[] leaders = leaders(pairs(500, 0, 50));
        assertTrue(Arrays.stream(leaders).distinct().count() == 1000);
    }

    /// What is in a group does not depend on the numbers of its documents, only which of them leads it.
    @Test
    void groupsDoNotDependOnTheOrder() throws IOException {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            texts.addAll(pairs(7, 100, 5));
        }
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            order.add(i);
        }
        int[] straight = leaders(texts);
        assertEquals(7, Arrays.stream(straight).distinct().count());
        Collections.shuffle(order, new Random(3));
        int[] shuffled = leaders(order.stream().map(texts::get).toList());
        for (int i = 0; i < order.size(); i++) {
            int leader = order.get(shuffled[i]);
            assertEquals(straight[order.get(i)], straight[leader]);
        }
    }
}
