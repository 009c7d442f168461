package torrefy.benchmarks.corpus;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.function.BooleanSupplier;
import torrefy.tokenizer.corpus.read.Document;
import torrefy.tokenizer.corpus.read.DocumentSink;

/// Takes the texts of a source until there is enough. What cannot be read is passed over.
final class Texts implements DocumentSink {

    /// Takes a document and its text, with `\n` line ends.
    @FunctionalInterface
    interface Taker {
        void take(Document document, String text) throws IOException;
    }

    private final BooleanSupplier enough;
    private final Taker taker;
    private long bytes;

    Texts(BooleanSupplier enough, Taker taker) {
        this.enough = enough;
        this.taker = taker;
    }

    /// Of the texts so far.
    long bytes() {
        return bytes;
    }

    @Override
    public void document(Document document) {
        bytes += document.bytes().length;
        String text = new String(document.bytes(), StandardCharsets.UTF_8).replace("\r\n", "\n");
        try {
            taker.take(document, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void unreadable(String source, String why) {}

    @Override
    public void tooLarge(String source, long size) {}

    @Override
    public int largestDocument() {
        return 1 << 20;
    }

    @Override
    public boolean hasEnough() {
        return enough.getAsBoolean();
    }
}
