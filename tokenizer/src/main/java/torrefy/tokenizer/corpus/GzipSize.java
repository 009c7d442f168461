package torrefy.tokenizer.corpus;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import torrefy.tokenizer.corpus.read.Document;

/// What `gzip -9` makes of the same text: a yardstick for the bits per byte of a language model.
public final class GzipSize {

    private GzipSize() {}

    /// The length of all documents, one after another, as one gzip file at level 9.
    public static long of(List<Document> documents) {
        Counter counter = new Counter();
        try (GZIPOutputStream gzip = new Level9(counter)) {
            for (Document document : documents) {
                gzip.write(document.bytes());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("a counter does not fail", e);
        }
        return counter.bytes;
    }

    /// The same in bits per byte of text.
    public static double bitsPerByte(List<Document> documents) {
        return 8.0 * of(documents) / Corpus.bytes(documents);
    }

    private static final class Level9 extends GZIPOutputStream {
        Level9(OutputStream out) throws IOException {
            super(out);
            def.setLevel(Deflater.BEST_COMPRESSION);
        }
    }

    private static final class Counter extends OutputStream {
        private long bytes;

        @Override
        public void write(int value) {
            bytes++;
        }

        @Override
        public void write(byte[] buffer, int from, int count) {
            bytes += count;
        }
    }
}
