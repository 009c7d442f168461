package torrefy.tokenizer.corpus.pack;

import java.io.IOException;

/// Puts documents into shards, one way or another.
public sealed interface Packing permits PlainStream, BestFit {

    /// Takes the next document.
    void add(TokenizedDocument document) throws IOException;

    /// Writes what is held back.
    void finish() throws IOException;

    /// Tokens that are there only to fill up: nothing is learned from them.
    long padding();

    /// One document after another, an end-of-text mark after each.
    static Packing plainStream(ShardSeries shards, int endOfText) {
        return new PlainStream(shards, endOfText);
    }

    /// Sequences of `length` tokens that cut documents as little as possible.
    static Packing bestFit(ShardSeries shards, int length, int endOfText) {
        return new BestFit(shards, length, endOfText);
    }
}
