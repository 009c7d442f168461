package torrefy.tokenizer.corpus.build;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Comparator;
import java.util.TreeSet;
import torrefy.core.parallel.ParallelLoop;
import torrefy.tokenizer.corpus.dedup.DiskSort;
import torrefy.tokenizer.corpus.dedup.RecordFile;
import torrefy.tokenizer.corpus.pack.JsonLine;
import torrefy.tokenizer.corpus.read.TextForm;

/// Finds lines of prose that stand in many documents: notices, menus, forewords. All but one copy are cut out, the one
/// in the document of the lowest rank (Wenzek et al., *CCNet*, arXiv 1911.00359, 3.1, which keeps one copy of every
/// paragraph). Code is left alone, its lines are alike for good reason.
///
/// Makes `cuts.bin`: the rank of a document and the number of a line in it, sorted; and `lines.jsonl`, the lines with
/// the most copies.
final class LinesStage implements Stage {

    static final String NAME = "4-lines";

    /// Short lines are alike by chance.
    private static final int SHORTEST = 40;

    private static final int MOST_SHOWN = 20;
    private static final int CHARACTERS_SHOWN = 200;
    private static final int BATCH = 512;

    private final int copies;

    /// @param copies of a line that are let be; 0 for any number
    LinesStage(int copies) {
        this.copies = copies;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String settings() {
        return "" + copies;
    }

    @Override
    public void make(StageRun run) throws IOException {
        try (DiskSort byLine = new DiskSort(run.folder(), "lines", 3);
                DiskSort byRank = new DiskSort(run.folder(), "cuts", 2);
                RecordTable tickets = new RecordTable(run.of(NearStage.NAME, "tickets.bin"), Ticket.WIDTH);
                DocumentStore store = ReadStage.store(run)) {
            Copies found = new Copies(byRank);
            if (copies > 0) {
                collect(run, tickets, store, byLine);
                byLine.forEach(record -> found.take(record[0], record[1], record[2]));
                found.endOfGroup();
            }
            try (RecordFile.Writer cuts = RecordFile.write(run.file("cuts.bin"), 2)) {
                byRank.forEach(cuts::add);
            }
            StringBuilder shown = new StringBuilder();
            for (Copies.Group group : found.largest) {
                StoredDocument document =
                        store.read(Ticket.of(tickets, group.rank).ordinal());
                TextLines lines = new TextLines(document.text());
                String line = lines.line((int) group.line);
                shown.append(JsonLine.of(
                        "documents",
                        group.documents,
                        "line",
                        line.length() <= CHARACTERS_SHOWN ? line : line.substring(0, CHARACTERS_SHOWN) + " …"));
            }
            Files.writeString(run.file("lines.jsonl"), shown);
            run.ledger().add("lines cut", found.cut, 0);
        }
    }

    private static void collect(StageRun run, RecordTable tickets, DocumentStore store, DiskSort byLine)
            throws IOException {
        long[][] hashes = new long[BATCH][];
        try (ParallelLoop loop = new ParallelLoop(run.threads())) {
            for (long start = 0; start < tickets.size(); start += BATCH) {
                long from = start;
                int count = (int) Math.min(BATCH, tickets.size() - start);
                loop.run(count, (i, worker) -> {
                    Ticket ticket = Ticket.of(tickets, from + i);
                    hashes[i] = ticket.form() == TextForm.CODE
                            ? new long[0]
                            : new TextLines(store.read(ticket.ordinal()).text()).hashes(SHORTEST);
                });
                for (int i = 0; i < count; i++) {
                    for (int line = 0; line < hashes[i].length; line++) {
                        if (hashes[i][line] != 0) {
                            byLine.add(hashes[i][line], start + i, line);
                        }
                    }
                }
            }
        }
    }

    /// Goes through lines sorted by hash, rank and number: equal ones lie side by side, but whether there are enough
    /// documents is known only at the end of a group. Its first copies wait until then.
    private final class Copies {
        private final DiskSort cuts;
        private final TreeSet<Group> largest = new TreeSet<>(Comparator.comparingLong(Group::documents)
                .reversed()
                .thenComparing(Group::hash, Long::compareUnsigned));
        private final long[] waiting = new long[2 * (copies + 2)];
        private int waitingUsed;
        private boolean many;
        private long hash;
        private long rank = -1;
        private long firstRank;
        private long firstLine;
        private long documents;
        private long cut;

        private record Group(long hash, long documents, long rank, long line) {}

        Copies(DiskSort cuts) {
            this.cuts = cuts;
        }

        void take(long lineHash, long lineRank, long line) throws IOException {
            if (documents == 0 || lineHash != hash) {
                endOfGroup();
                hash = lineHash;
                firstRank = lineRank;
                firstLine = line;
                rank = lineRank;
                documents = 1;
                return;
            }
            if (lineRank == rank) {
                // A second copy in the same document: repetition is the business of filters.
                return;
            }
            rank = lineRank;
            documents++;
            if (documents <= copies) {
                waiting[waitingUsed++] = lineRank;
                waiting[waitingUsed++] = line;
                return;
            }
            if (!many) {
                many = true;
                for (int i = 0; i < waitingUsed; i += 2) {
                    cut(waiting[i], waiting[i + 1]);
                }
            }
            cut(lineRank, line);
        }

        private void cut(long lineRank, long line) throws IOException {
            cuts.add(lineRank, line);
            cut++;
        }

        void endOfGroup() {
            if (many) {
                largest.add(new Group(hash, documents, firstRank, firstLine));
                if (largest.size() > MOST_SHOWN) {
                    largest.pollLast();
                }
            }
            waitingUsed = 0;
            many = false;
            documents = 0;
        }
    }
}
