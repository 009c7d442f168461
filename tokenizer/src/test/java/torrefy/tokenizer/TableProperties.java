package torrefy.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/// The two hash tables against [HashMap].
class TableProperties {

    @Property(tries = 100)
    void byteStringsAreNumberedInOrder(@ForAll @Size(max = 400) List<String> strings) {
        ByteStringTable table = new ByteStringTable();
        Map<String, Integer> expected = new HashMap<>();
        for (String string : strings) {
            byte[] bytes = ("<" + string + ">").getBytes(StandardCharsets.UTF_16BE);
            assertEquals(expected.getOrDefault(string, -1), table.find(bytes, 2, bytes.length - 4));
            expected.putIfAbsent(string, expected.size());
            assertEquals(expected.get(string), table.intern(bytes, 2, bytes.length - 4));
        }
        assertEquals(expected.size(), table.size());
        expected.forEach((string, index) -> {
            assertArrayEquals(string.getBytes(StandardCharsets.UTF_16BE), table.get(index));
            assertEquals(2 * string.length(), table.length(index));
        });
    }

    @Property(tries = 100)
    void pairsAreNumberedInOrder(
            @ForAll @Size(max = 600) List<@IntRange(max = 40) Integer> left,
            @ForAll @Size(min = 600, max = 600) List<@IntRange(max = 70_000) Integer> right) {
        PairTable table = new PairTable();
        Map<List<Integer>, Integer> expected = new HashMap<>();
        for (int i = 0; i < left.size(); i++) {
            List<Integer> pair = List.of(left.get(i), right.get(i) % 50);
            assertEquals(expected.getOrDefault(pair, -1), table.find(pair.get(0), pair.get(1)));
            expected.putIfAbsent(pair, expected.size());
            assertEquals(expected.get(pair), table.intern(pair.get(0), pair.get(1)));
        }
        expected.forEach((pair, index) -> {
            assertEquals(pair.get(0), table.left(index));
            assertEquals(pair.get(1), table.right(index));
        });
        assertEquals(expected.size(), table.size());
    }

    @Test
    void aClearedTableBeginsAnew() {
        ByteStringTable table = new ByteStringTable();
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 1000; i++) {
                byte[] bytes = Integer.toString(i + 500 * round).getBytes(StandardCharsets.US_ASCII);
                assertEquals(i, table.intern(bytes, 0, bytes.length));
            }
            table.clear();
            assertEquals(0, table.size());
            assertEquals(-1, table.find(new byte[] {'7'}, 0, 1));
        }
    }
}
