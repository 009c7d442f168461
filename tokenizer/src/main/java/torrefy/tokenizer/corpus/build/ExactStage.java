package torrefy.tokenizer.corpus.build;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import torrefy.tokenizer.corpus.dedup.DiskSort;
import torrefy.tokenizer.corpus.dedup.RecordFile;
import torrefy.tokenizer.corpus.pack.JsonLine;

/// Keeps one of all documents with the same text. Makes `tickets.bin`, in which the place of a document is its *rank*:
/// longer ones first, among equally long ones by hash. Where documents are near duplicates, the one of the lowest rank
/// will stay. Makes `exact.jsonl`, which says which document each of the others was the same as.
final class ExactStage implements Stage {

    static final String NAME = "2-exact";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String settings() {
        return "";
    }

    @Override
    public void make(StageRun run) throws IOException {
        try (DiskSort byText = new DiskSort(run.folder(), "text", Ticket.WIDTH);
                DiskSort byRank = new DiskSort(run.folder(), "rank", 1 + Ticket.WIDTH)) {
            try (RecordFile.Reader tickets = RecordFile.read(run.of(ReadStage.NAME, "tickets.bin"), Ticket.WIDTH)) {
                while (tickets.next()) {
                    byText.add(tickets.record());
                }
            }
            try (DocumentStore store = ReadStage.store(run);
                    BufferedWriter exact = Files.newBufferedWriter(run.file("exact.jsonl"))) {
                new FirstOfEqual(run.ledger(), byRank, store, exact).take(byText);
            }
            try (RecordFile.Writer ranked = RecordFile.write(run.file("tickets.bin"), Ticket.WIDTH)) {
                byRank.forEach(record -> ranked.add(Arrays.copyOfRange(record, 1, record.length)));
            }
        }
    }

    /// Of records with the same text, which lie side by side, the first has the lowest hash of its source.
    private static final class FirstOfEqual {
        private final Ledger ledger;
        private final DiskSort byRank;
        private final DocumentStore store;
        private final BufferedWriter exact;
        private Ticket first;

        FirstOfEqual(Ledger ledger, DiskSort byRank, DocumentStore store, BufferedWriter exact) {
            this.ledger = ledger;
            this.byRank = byRank;
            this.store = store;
            this.exact = exact;
        }

        void take(DiskSort byText) throws IOException {
            byText.forEach(record -> {
                Ticket ticket = Ticket.of(record);
                ledger.add("read", 1, ticket.bytes());
                if (first != null && first.keyHigh() == ticket.keyHigh() && first.keyLow() == ticket.keyLow()) {
                    ledger.add("duplicate", 1, ticket.bytes());
                    exact.write(JsonLine.of(
                            "source", store.source(ticket.ordinal()), "same", store.source(first.ordinal())));
                    return;
                }
                first = ticket;
                ledger.add("kept", 1, ticket.bytes());
                long[] ranked = new long[1 + Ticket.WIDTH];
                ranked[0] = ~(long) ticket.bytes();
                System.arraycopy(record, 0, ranked, 1, Ticket.WIDTH);
                byRank.add(ranked);
            });
        }
    }
}
