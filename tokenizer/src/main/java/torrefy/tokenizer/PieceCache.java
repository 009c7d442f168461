package torrefy.tokenizer;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// What short pieces became, of those that came last. Text repeats itself: a few thousand words make up most of it, so
/// most pieces are found here and are neither split into bytes nor merged again.
///
/// A piece of up to 15 bytes and its length are two 64-bit numbers, up to four tokens are two more, and these four
/// numbers are an entry. Looking one up is a multiplication, a comparison of two numbers, and one line of the
/// processor's cache, since an entry and the one that it shares its place with lie side by side. A newcomer takes the
/// first of the two places and moves the one that was there to the second: the size never changes.
final class PieceCache {

    /// Of pieces that can be held, in bytes.
    static final int LONGEST = 15;

    static final int MOST_TOKENS = 4;

    /// 2 MB: what the second-level cache of a core holds.
    private static final int ENTRIES = 1 << 16;

    private static final int ENTRY = 4;
    private static final long NO_TOKENS = -1;
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /// Of pairs of entries: two numbers for the piece, two for its tokens, twice.
    private final long[] entries = new long[ENTRIES * ENTRY];

    /// Up to eight bytes as a number.
    private static long bytes(byte[] text, int from, int count) {
        if (from + Long.BYTES <= text.length) {
            long eight = (long) LONG.get(text, from);
            return count >= Long.BYTES ? eight : eight & (1L << 8 * count) - 1;
        }
        long value = 0;
        for (int i = Math.min(count, Long.BYTES) - 1; i >= 0; i--) {
            value = value << 8 | text[from + i] & 0xff;
        }
        return value;
    }

    private static long low(byte[] text, int from, int count) {
        return bytes(text, from, count);
    }

    /// The other bytes, and the length, so that no piece is the beginning of another.
    private static long high(byte[] text, int from, int count) {
        long length = (long) count << 56;
        return count > Long.BYTES ? bytes(text, from + Long.BYTES, count - Long.BYTES) | length : length;
    }

    private static int place(long low, long high) {
        long hash = (low ^ high * 0xC2B2AE3D27D4EB4FL) * 0x9E3779B97F4A7C15L;
        return (int) (hash >>> 64 - 15) * 2 * ENTRY;
    }

    /// Appends what a piece became, if it is known.
    ///
    /// @param count 1 to [#LONGEST]
    boolean find(byte[] text, int from, int count, TokenBuffer out) {
        long low = low(text, from, count);
        long high = high(text, from, count);
        int at = place(low, high);
        if (entries[at] != low || entries[at + 1] != high) {
            at += ENTRY;
            if (entries[at] != low || entries[at + 1] != high) {
                return false;
            }
        }
        out.addUpToFour(entries[at + 2], entries[at + 3]);
        return true;
    }

    /// Remembers what a piece became, if it is short enough.
    void add(byte[] text, int from, int count, int[] tokens, int first, int tokenCount) {
        if (count > LONGEST || tokenCount > MOST_TOKENS) {
            return;
        }
        long low = low(text, from, count);
        long high = high(text, from, count);
        int at = place(low, high);
        System.arraycopy(entries, at, entries, at + ENTRY, ENTRY);
        entries[at] = low;
        entries[at + 1] = high;
        entries[at + 2] = pair(tokens, first, tokenCount);
        entries[at + 3] = pair(tokens, first + 2, tokenCount - 2);
    }

    /// Two tokens as a number; -1 stands for none.
    private static long pair(int[] tokens, int first, int count) {
        if (count <= 0) {
            return NO_TOKENS;
        }
        long second = count > 1 ? tokens[first + 1] : -1;
        return second << 32 | tokens[first];
    }
}
