package torrefy.tokenizer.corpus.build;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import torrefy.tokenizer.corpus.dedup.NearDuplicates;
import torrefy.tokenizer.corpus.dedup.RecordFile;
import torrefy.tokenizer.corpus.pack.JsonLine;

/// Keeps one of each group of near duplicates: the longest. Makes `tickets.bin`, by rank, and `near.jsonl`, which says
/// which document each of the others was too near to.
final class NearStage implements Stage {

    static final String NAME = "3-near";

    private final BuildSettings settings;

    NearStage(BuildSettings settings) {
        this.settings = settings;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String settings() {
        return settings.duplicates().hash() + " " + settings.duplicates().similarity();
    }

    @Override
    public void make(StageRun run) throws IOException {
        try (RecordTable tickets = new RecordTable(run.of(ExactStage.NAME, "tickets.bin"), Ticket.WIDTH);
                RecordFile.Writer kept = RecordFile.write(run.file("tickets.bin"), Ticket.WIDTH);
                BufferedWriter near = Files.newBufferedWriter(run.file("near.jsonl"))) {
            if (settings.duplicates().hash() == null) {
                for (long rank = 0; rank < tickets.size(); rank++) {
                    keep(Ticket.of(tickets, rank), kept, run.ledger());
                }
                return;
            }
            find(run, tickets, kept, near);
        }
    }

    private void find(StageRun run, RecordTable tickets, RecordFile.Writer kept, BufferedWriter near)
            throws IOException {
        try (DocumentStore store = ReadStage.store(run);
                SignatureTable signatures = new SignatureTable(
                        run.of(ReadStage.NAME, "signatures.bin"),
                        settings.duplicates().hash().hashes());
                NearDuplicates duplicates = new NearDuplicates(
                        settings.duplicates().hash(), settings.duplicates().similarity(), run.folder())) {
            for (long rank = 0; rank < tickets.size(); rank++) {
                duplicates.add(signatures.of(Ticket.of(tickets, rank).ordinal()));
            }
            duplicates.forEach(rank -> signatures.of(Ticket.of(tickets, rank).ordinal()), (rank, leader) -> {
                Ticket ticket = Ticket.of(tickets, rank);
                if (leader == rank) {
                    keep(ticket, kept, run.ledger());
                    return;
                }
                run.ledger().add("read", 1, ticket.bytes());
                run.ledger().add("duplicate", 1, ticket.bytes());
                StoredDocument document = store.read(ticket.ordinal());
                StoredDocument stays = store.read(Ticket.of(tickets, leader).ordinal());
                near.write(JsonLine.of("source", document.source(), "near", stays.source()));
            });
        }
    }

    private static void keep(Ticket ticket, RecordFile.Writer kept, Ledger ledger) throws IOException {
        ledger.add("read", 1, ticket.bytes());
        ledger.add("kept", 1, ticket.bytes());
        kept.add(ticket.toRecord());
    }
}
