package torrefy.model.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

/// What happens to files: bits flip, ends are lost, bytes come in between, numbers become others.
final class Damage {

    private static final long[] BAD = {
        0, 1, -1, 7, 255, 1 << 20, Integer.MAX_VALUE, Integer.MIN_VALUE, 1L << 32, Long.MAX_VALUE, Long.MIN_VALUE
    };

    private static final String[] BAD_TEXTS = {
        "0",
        "-1",
        "1e999",
        "2147483647",
        "2147483648",
        "9223372036854775808",
        "null",
        "\"x\"",
        "[]",
        "{}",
        "[[[[",
        "NaN",
        "true",
        "0.5",
        "\"\\u0000\"",
        "\"\\ud800\"",
        "",
        ",",
        "}",
        "1".repeat(2000)
    };

    private Damage() {}

    /// A damaged copy.
    static byte[] of(byte[] whole, Random random) {
        byte[] bytes = whole.clone();
        for (int times = 1 + random.nextInt(3); times > 0 && bytes.length > 0; times--) {
            // Headers are short, and most can go wrong there.
            int at = random.nextInt(random.nextBoolean() ? bytes.length : Math.min(bytes.length, 600));
            bytes = switch (random.nextInt(6)) {
                case 0 -> flipped(bytes, at, random.nextInt(8));
                case 1 -> Arrays.copyOf(bytes, at);
                case 2 -> replaced(bytes, at, at, new byte[1 + random.nextInt(9)]);
                case 3 -> withNumber(bytes, at / 4 * 4, BAD[random.nextInt(BAD.length)], random.nextBoolean());
                case 4 -> withText(bytes, at, BAD_TEXTS[random.nextInt(BAD_TEXTS.length)]);
                default -> twice(bytes, at, random.nextInt(64));
            };
        }
        return bytes;
    }

    private static byte[] flipped(byte[] bytes, int at, int bit) {
        bytes[at] ^= (byte) (1 << bit);
        return bytes;
    }

    private static byte[] replaced(byte[] bytes, int from, int to, byte[] instead) {
        byte[] result = new byte[from + instead.length + bytes.length - to];
        System.arraycopy(bytes, 0, result, 0, from);
        System.arraycopy(instead, 0, result, from, instead.length);
        System.arraycopy(bytes, to, result, from + instead.length, bytes.length - to);
        return result;
    }

    private static byte[] withNumber(byte[] bytes, int at, long value, boolean wide) {
        if (at + (wide ? 8 : 4) <= bytes.length) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
            if (wide) {
                buffer.putLong(at, value);
            } else {
                buffer.putInt(at, (int) value);
            }
        }
        return bytes;
    }

    /// In JSON, another value in place of the next word or number.
    private static byte[] withText(byte[] bytes, int at, String value) {
        int from = at;
        while (from < bytes.length && !Character.isLetterOrDigit(bytes[from])) {
            from++;
        }
        int to = from;
        while (to < bytes.length && Character.isLetterOrDigit(bytes[to])) {
            to++;
        }
        return replaced(bytes, from, to, value.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] twice(byte[] bytes, int at, int count) {
        int to = Math.min(bytes.length, at + count);
        return replaced(bytes, to, to, Arrays.copyOfRange(bytes, at, to));
    }
}
