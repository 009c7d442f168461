package torrefy.tokenizer.corpus.read;

import java.util.ArrayList;
import java.util.List;

/// A sink that keeps all it hears.
class Collecting implements DocumentSink {

    final List<Document> documents = new ArrayList<>();
    final List<String> unreadable = new ArrayList<>();
    final List<String> tooLarge = new ArrayList<>();
    private final int largest;
    int enough = Integer.MAX_VALUE;

    Collecting(int largest) {
        this.largest = largest;
    }

    List<String> sources() {
        return documents.stream().map(Document::source).toList();
    }

    @Override
    public void document(Document document) {
        documents.add(document);
    }

    @Override
    public void unreadable(String source, String why) {
        unreadable.add(source + ": " + why);
    }

    @Override
    public void tooLarge(String source, long bytes) {
        tooLarge.add(source + ": " + bytes);
    }

    @Override
    public int largestDocument() {
        return largest;
    }

    @Override
    public boolean hasEnough() {
        return documents.size() >= enough;
    }
}
