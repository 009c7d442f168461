package torrefy.core.random;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PhiloxTest {

    /// The known answers for philox4x32-10 that the authors publish with their library Random123 (kat_vectors).
    @Test
    void knownAnswersOfTheAuthors() {
        assertBlock(0, 0, 0, 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8);
        assertBlock(-1, -1, -1, 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd);
        assertBlock(
                0x299f31d0_a4093822L,
                0x03707344_13198a2eL,
                0x85a308d3_243f6a88L,
                0xd16cfe09,
                0x94fdcceb,
                0x5001e420,
                0x24126ea1);
    }

    @Test
    void aBlockIsWrittenWhereItIsAskedFor() {
        int[] out = new int[7];
        Philox.block(0, 0, 0, out, 2);
        assertArrayEquals(new int[] {0, 0, 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8, 0}, out);
    }

    @Test
    void keysDerivedFromDifferentLabelsAreDifferentStreams() {
        RandomKey key = RandomKey.of(42);
        Set<RandomKey> keys = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            keys.add(key.derive(i));
            keys.add(key.derive("layer " + i));
            keys.add(key.derive(i).derive("dropout"));
        }
        assertEquals(3000, keys.size());
        assertEquals(key.derive(7).derive("x"), RandomKey.of(42).derive(7).derive("x"));
        assertNotEquals(key.derive(1).derive(2), key.derive(2).derive(1));
    }

    private static void assertBlock(long key, long high, long low, int... expected) {
        int[] out = new int[4];
        Philox.block(key, high, low, out, 0);
        assertArrayEquals(expected, out);
    }
}
