package torrefy.tokenizer.corpus.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LongTableTest {

    /// Keys that collide, many of them, and the key 0.
    @Test
    void itAnswersAsAMapOfObjectsDoes() {
        Random random = new Random(3);
        Map<Long, Integer> expected = new HashMap<>();
        LongTable table = new LongTable();
        for (int i = 0; i < 20_000; i++) {
            long key = i % 3 == 0 ? random.nextInt(5000) : (long) random.nextInt(5000) << 20;
            expected.putIfAbsent(key, i);
            table.putIfAbsent(key, i);
        }
        assertEquals(expected.size(), table.size());
        expected.forEach((key, value) -> assertEquals(value, table.get(key)));
        for (long key = 1; key < 1000; key++) {
            assertEquals(LongTable.NONE, table.get(~key));
        }
    }
}
