package torrefy.tokenizer.corpus.read;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

/// Reads a stream line by line, as bytes, holding no more of a line than it is asked to.
final class LineReader {

    private final InputStream in;
    private final byte[] buffer = new byte[1 << 16];
    private int at;
    private int end;
    private long before;

    LineReader(InputStream in) {
        this.in = in;
    }

    /// The next line without its `\n`, or null at the end. Of a line longer than `most` the first `most + 1` bytes are
    /// returned and the rest is skipped.
    byte[] next(int most) throws IOException {
        if (!fill()) {
            return null;
        }
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (fill()) {
            int lineEnd = at;
            while (lineEnd < end && buffer[lineEnd] != '\n') {
                lineEnd++;
            }
            line.write(buffer, at, Math.min(lineEnd - at, most + 1 - line.size()));
            at = lineEnd;
            if (at < end) {
                at++;
                break;
            }
        }
        return line.toByteArray();
    }

    /// How many bytes of the stream have been passed.
    long position() {
        return before + at;
    }

    /// Whether there is another byte.
    private boolean fill() throws IOException {
        if (at == end) {
            before += end;
            end = Math.max(0, in.read(buffer));
            at = 0;
        }
        return at < end;
    }
}
