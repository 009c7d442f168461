package torrefy.tokenizer.corpus.build;

import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import torrefy.tokenizer.corpus.dedup.DiskSort;
import torrefy.tokenizer.corpus.dedup.RecordFile;
import torrefy.tokenizer.corpus.filter.Hashing;

/// Mixes the inputs, holds some documents out, and puts all in an order that looks random. Every decision about a
/// document is a function of its hash: nothing depends on how it came here.
///
/// Makes `order.bin`: validation first, then training, each shuffled ([Place]).
final class OrderStage implements Stage {

    static final String NAME = "5-order";

    private final BuildSettings settings;

    OrderStage(BuildSettings settings) {
        this.settings = settings;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String settings() {
        return settings.inputs() + " " + settings.mix().validationFraction() + " "
                + settings.mix().seed();
    }

    /// One document in the order.
    ///
    /// @param ordinal its place in the [DocumentStore]
    /// @param firstCut the place of the first of its cuts in `cuts.bin`
    /// @param cuts their number
    record Place(boolean isTraining, long ordinal, long firstCut, int cuts) {

        static final int WIDTH = 5;

        static Place of(long[] record) {
            return new Place(record[0] == 1, record[2], record[3], (int) record[4]);
        }
    }

    @Override
    public void make(StageRun run) throws IOException {
        Mixture mixture;
        long heldOut;
        try (RecordTable tickets = new RecordTable(run.of(NearStage.NAME, "tickets.bin"), Ticket.WIDTH)) {
            mixture = Mixture.of(settings.inputs(), bytesByOrigin(tickets));
            heldOut = heldOutAnyway(tickets, mixture);
        }
        try (RecordFile.Reader tickets = RecordFile.read(run.of(NearStage.NAME, "tickets.bin"), Ticket.WIDTH);
                RecordFile.Reader cuts = RecordFile.read(run.of(LinesStage.NAME, "cuts.bin"), 2);
                DiskSort shuffled = new DiskSort(run.folder(), "order", Place.WIDTH);
                RecordFile.Writer order = RecordFile.write(run.file("order.bin"), Place.WIDTH)) {
            boolean hasCut = cuts.next();
            long cut = 0;
            for (long rank = 0; tickets.next(); rank++) {
                long firstCut = cut;
                while (hasCut && cuts.record()[0] == rank) {
                    cut++;
                    hasCut = cuts.next();
                }
                Ticket ticket = Ticket.of(tickets.record());
                String input = settings.inputs().get(ticket.origin()).name();
                if (!mixture.takes(ticket)) {
                    run.ledger().add("origin/" + input + "/left out by weight", 1, ticket.bytes());
                    continue;
                }
                boolean isTraining =
                        rank != heldOut && ticket.fraction() >= settings.mix().validationFraction();
                run.ledger().add(isTraining ? "training" : "validation", 1, ticket.bytes());
                run.ledger().add("origin/" + input + "/taken", 1, ticket.bytes());
                long random = Hashing.mix(
                        ticket.keyHigh() + Hashing.mix(settings.mix().seed()));
                shuffled.add(isTraining ? 1 : 0, random, ticket.ordinal(), firstCut, cut - firstCut);
            }
            shuffled.forEach(order::add);
        }
    }

    private long[] bytesByOrigin(RecordTable tickets) {
        long[] bytes = new long[settings.inputs().size()];
        for (long rank = 0; rank < tickets.size(); rank++) {
            Ticket ticket = Ticket.of(tickets, rank);
            bytes[ticket.origin()] += ticket.bytes();
        }
        return bytes;
    }

    /// If chance holds out nothing, the document with the lowest hash is held out, provided that there are two; its
    /// rank, or -1.
    private long heldOutAnyway(RecordTable tickets, Mixture mixture) {
        double fraction = settings.mix().validationFraction();
        long lowest = -1;
        long taken = 0;
        for (long rank = 0; rank < tickets.size(); rank++) {
            Ticket ticket = Ticket.of(tickets, rank);
            if (mixture.takes(ticket)) {
                taken++;
                if (lowest < 0 || ticket.fraction() < Ticket.of(tickets, lowest).fraction()) {
                    lowest = rank;
                }
            }
        }
        return fraction > 0 && taken > 1 && Ticket.of(tickets, lowest).fraction() >= fraction ? lowest : -1;
    }

    /// How much of each input is taken.
    ///
    /// @param shares of the documents of each input, in [0, 1]
    record Mixture(List<Double> shares) {

        /// Without weights everything is taken. With weights w and sizes n the mixture is the largest in which no
        /// document stands twice: T = min n/w bytes for each unit of weight.
        static Mixture of(List<CorpusInput> inputs, long[] bytes) throws IOException {
            double total = Double.POSITIVE_INFINITY;
            for (int i = 0; i < bytes.length; i++) {
                double weight = inputs.get(i).weight();
                if (weight > 0 && bytes[i] == 0) {
                    throw new IOException(inputs.get(i).name() + ": has a weight and no text is left of it");
                }
                total = weight > 0 ? Math.min(total, bytes[i] / weight) : total;
            }
            double each = total;
            return new Mixture(IntStream.range(0, bytes.length)
                    .mapToObj(i -> inputs.get(i).weight() == 0
                            ? 1.0
                            : each * inputs.get(i).weight() / bytes[i])
                    .toList());
        }

        /// Decided by other bits of the hash than those that hold out for validation.
        boolean takes(Ticket ticket) {
            double fraction = (Hashing.mix(ticket.keyLow()) >>> 11) * 0x1p-53;
            return fraction < shares.get(ticket.origin());
        }
    }
}
