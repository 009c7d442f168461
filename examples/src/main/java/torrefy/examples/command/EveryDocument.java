package torrefy.examples.command;

import java.util.function.Consumer;
import torrefy.tokenizer.corpus.read.Document;
import torrefy.tokenizer.corpus.read.DocumentSink;

/// Hands on the text of every document, of any length, and tells on stderr what cannot be read.
record EveryDocument(Consumer<byte[]> texts) implements DocumentSink {

    @Override
    public void document(Document document) {
        texts.accept(document.bytes());
    }

    @Override
    public void unreadable(String source, String why) {
        System.err.println("left out: " + source + ": " + why);
    }

    @Override
    public void tooLarge(String source, long bytes) {
        System.err.println("left out, too large: " + source);
    }

    @Override
    public int largestDocument() {
        return Integer.MAX_VALUE - 8;
    }

    @Override
    public boolean hasEnough() {
        return false;
    }
}
