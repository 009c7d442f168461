package torrefy.tokenizer.corpus.build;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import torrefy.tokenizer.corpus.dedup.RecordFile;

/// The documents in their final order and form, their repeated lines cut out, in batches.
final class FinalTexts implements AutoCloseable {

    private static final int MOST_DOCUMENTS = 2048;
    private static final long ENOUGH_BYTES = 8L << 20;

    /// @param place in the order
    /// @param document with its text as it will be learned
    record FinalText(OrderStage.Place place, StoredDocument document) {}

    private final RecordFile.Reader order;
    private final RecordTable cuts;
    private final DocumentStore store;

    FinalTexts(StageRun run) throws IOException {
        order = RecordFile.read(run.of(OrderStage.NAME, "order.bin"), OrderStage.Place.WIDTH);
        cuts = new RecordTable(run.of(LinesStage.NAME, "cuts.bin"), 2);
        store = ReadStage.store(run);
    }

    /// The next documents; none at the end.
    List<FinalText> next() throws IOException {
        List<FinalText> batch = new ArrayList<>();
        long bytes = 0;
        while (batch.size() < MOST_DOCUMENTS && bytes < ENOUGH_BYTES && order.next()) {
            FinalText text = text(OrderStage.Place.of(order.record()));
            bytes += text.document.text().length;
            batch.add(text);
        }
        return batch;
    }

    private FinalText text(OrderStage.Place place) {
        StoredDocument whole = store.read(place.ordinal());
        if (place.cuts() == 0) {
            return new FinalText(place, whole);
        }
        int[] lines = new int[place.cuts()];
        for (int i = 0; i < lines.length; i++) {
            lines[i] = (int) cuts.get(place.firstCut() + i, 1);
        }
        String changes =
                (whole.changes().isEmpty() ? "" : whole.changes() + ", ") + lines.length + " repeated lines cut";
        return new FinalText(
                place,
                new StoredDocument(
                        whole.keyHigh(),
                        whole.keyLow(),
                        whole.source(),
                        whole.origin(),
                        whole.form(),
                        whole.from(),
                        whole.to(),
                        changes,
                        new TextLines(whole.text()).without(lines)));
    }

    @Override
    public void close() throws IOException {
        try (order;
                cuts) {
            store.close();
        }
    }
}
