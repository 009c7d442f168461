package torrefy.tokenizer.corpus.pack;

import java.io.IOException;

/// One document after another, an end-of-text mark after each: nothing is wasted, and a training sequence begins
/// wherever it happens to.
record PlainStream(ShardSeries shards, int endOfText) implements Packing {

    @Override
    public void add(TokenizedDocument document) throws IOException {
        shards.mayEnd();
        shards.write(document, 0, document.tokens().length);
        shards.writeMark(endOfText, 1);
    }

    @Override
    public void finish() {}

    @Override
    public long padding() {
        return 0;
    }
}
