package torrefy.tokenizer.corpus.build;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import torrefy.tokenizer.corpus.filter.Hashing;

/// The lines of a text in UTF-8.
record TextLines(byte[] text) {

    private static final long FNV_OFFSET = 0xCBF29CE484222325L;
    private static final long FNV_PRIME = 0x100000001B3L;

    /// A hash of each line, in which case, digits and white space at its ends do not count: page numbers and dates
    /// vary. It is 0 for a line of fewer than `shortest` bytes.
    long[] hashes(int shortest) {
        long[] hashes = new long[16];
        int count = 0;
        for (int start = 0; start < text.length; ) {
            int end = end(start);
            if (count == hashes.length) {
                hashes = Arrays.copyOf(hashes, 2 * count);
            }
            hashes[count++] = hash(start, end, shortest);
            start = end + 1;
        }
        return Arrays.copyOf(hashes, count);
    }

    private int end(int start) {
        int end = start;
        while (end < text.length && text[end] != '\n') {
            end++;
        }
        return end;
    }

    private long hash(int from, int to, int shortest) {
        int start = from;
        int end = to;
        while (start < end && text[start] <= ' ' && text[start] >= 0) {
            start++;
        }
        while (end > start && text[end - 1] <= ' ' && text[end - 1] >= 0) {
            end--;
        }
        if (end - start < shortest) {
            return 0;
        }
        long hash = FNV_OFFSET;
        for (int i = start; i < end; i++) {
            int value = text[i];
            value = value >= 'A' && value <= 'Z' ? value + 32 : value >= '0' && value <= '9' ? '0' : value;
            hash = (hash ^ value & 0xff) * FNV_PRIME;
        }
        return Math.max(1, Hashing.mix(hash) >>> 1);
    }

    /// The line of that number, from 0 on.
    String line(int number) {
        int start = 0;
        for (int i = 0; i < number; i++) {
            start = end(start) + 1;
        }
        return new String(text, start, end(start) - start, StandardCharsets.UTF_8);
    }

    /// The text without some lines.
    ///
    /// @param cuts their numbers, ascending
    byte[] without(int[] cuts) {
        byte[] kept = new byte[text.length];
        int out = 0;
        int next = 0;
        int number = 0;
        for (int start = 0; start < text.length; number++) {
            int end = Math.min(text.length, end(start) + 1);
            if (next < cuts.length && cuts[next] == number) {
                next++;
            } else {
                System.arraycopy(text, start, kept, out, end - start);
                out += end - start;
            }
            start = end;
        }
        return Arrays.copyOf(kept, out);
    }
}
