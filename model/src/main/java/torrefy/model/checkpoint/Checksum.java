package torrefy.model.checkpoint;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/// CRC-32C (RFC 3720, appendix B.4), for which processors have an instruction: it finds what disks and memory do to
/// bytes by mistake, any single flipped bit for certain, at several GB/s. It is no protection against intent.
final class Checksum {

    /// Bytes looked at in one call; a Java buffer has fewer than 2^31.
    private static final long PART = 1 << 26;

    private Checksum() {}

    /// Of `bytes`, as eight hexadecimal digits.
    static String of(MemorySegment bytes) {
        CRC32C sum = new CRC32C();
        for (long from = 0; from < bytes.byteSize(); from += PART) {
            sum.update(
                    bytes.asSlice(from, Math.min(PART, bytes.byteSize() - from)).asByteBuffer());
        }
        return hex(sum);
    }

    /// Of `text` in UTF-8.
    static String of(String text) {
        CRC32C sum = new CRC32C();
        sum.update(text.getBytes(StandardCharsets.UTF_8));
        return hex(sum);
    }

    private static String hex(CRC32C sum) {
        return String.format("%08x", sum.getValue());
    }
}
