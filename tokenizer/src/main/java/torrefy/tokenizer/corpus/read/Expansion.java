package torrefy.tokenizer.corpus.read;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;

/// Watches how much comes out of one compressed file. A few kilobytes can unpack to petabytes, by compression in
/// compression or by archive entries that share their bytes; so all that any layer inside the file unpacks is counted
/// together, and more than a factor of the file's own size ends the reading.
final class Expansion {

    /// So much may come out of any file, however small.
    private static final long ALWAYS = 64L << 20;

    private final double factor;
    private long packed;
    private long unpacked;

    /// @param fileBytes the size of the compressed file; 0 if it is a stream, which [#packed] counts
    Expansion(long fileBytes, double factor) {
        this.factor = factor;
        this.packed = fileBytes;
    }

    /// The same stream; what has been read of it counts as the size of the file.
    InputStream packed(InputStream in) {
        return new Counted(in) {
            @Override
            void count(long bytes) {
                packed += bytes;
            }
        };
    }

    /// The same stream, watched.
    InputStream watch(InputStream unpacking) {
        return new Counted(unpacking) {
            @Override
            void count(long bytes) throws IOException {
                unpacked += bytes;
                if (unpacked > Math.max(ALWAYS, packed * factor)) {
                    throw new BombException(String.format(
                            Locale.ROOT, "unpacks to more than %.0f times its size: taken for a bomb", factor));
                }
            }
        };
    }

    private abstract static class Counted extends FilterInputStream {

        Counted(InputStream in) {
            super(in);
        }

        abstract void count(long bytes) throws IOException;

        @Override
        public int read() throws IOException {
            int value = super.read();
            count(value < 0 ? 0 : 1);
            return value;
        }

        @Override
        public int read(byte[] buffer, int at, int length) throws IOException {
            int count = super.read(buffer, at, length);
            count(Math.max(0, count));
            return count;
        }

        @Override
        public long skip(long bytes) throws IOException {
            long skipped = super.skip(bytes);
            count(skipped);
            return skipped;
        }
    }

    /// The file as a whole is given up, not one entry.
    static final class BombException extends IOException {
        private static final long serialVersionUID = 1;

        BombException(String message) {
            super(message);
        }
    }
}
