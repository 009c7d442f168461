package torrefy.tokenizer.corpus.build;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What building a corpus did, stage by stage.
///
/// @param ledgers what the stages counted, by their names
public record CorpusReport(BuildSettings settings, Map<String, Ledger> ledgers) {

    private static final int MOST_NOTES = 20;

    Ledger of(String stage) {
        return ledgers.get(stage);
    }

    /// How fast a stage was, or all.
    ///
    /// @param bytes of text that it went through
    record Speed(String name, long bytes, double seconds) {

        /// `12.3 MB/s`, in millions of bytes; empty if it went through no text.
        String perSecond() {
            return bytes == 0 ? "" : String.format(Locale.ROOT, "%.1f MB/s", bytes / 1e6 / Math.max(1e-3, seconds));
        }
    }

    /// The stages in order.
    List<Speed> speeds() {
        Ledger tokens = of(TokensStage.NAME);
        return List.of(
                speed(
                        "reading, cleaning, filtering",
                        ReadStage.NAME,
                        of(ReadStage.NAME).get("read")),
                speed("exact duplicates", ExactStage.NAME, of(ReadStage.NAME).get("kept")),
                speed("near duplicates", NearStage.NAME, of(ExactStage.NAME).get("kept")),
                speed("repeated lines", LinesStage.NAME, of(NearStage.NAME).get("kept")),
                speed(
                        "dividing, mixing, shuffling",
                        OrderStage.NAME,
                        of(NearStage.NAME).get("kept")),
                speed(
                        "learning a tokenizer",
                        TokenizerStage.NAME,
                        of(TokenizerStage.NAME).get("learned from")),
                speed(
                        "encoding, packing",
                        TokensStage.NAME,
                        tokens.get("train/documents")
                                .plus(0, tokens.get("validation/documents").bytes())));
    }

    private Speed speed(String name, String stage, Ledger.Count through) {
        return new Speed(name, through.bytes(), of(stage).milliseconds() / 1e3);
    }

    /// All stages together: the bytes are those that were read.
    Speed overall() {
        double seconds = speeds().stream().mapToDouble(Speed::seconds).sum();
        return new Speed("all", of(ReadStage.NAME).get("read").bytes(), seconds);
    }

    /// What to do if no text is held out for validation, without which no model is judged; empty if there is some.
    Optional<String> heldOutNothing() {
        if (of(TokensStage.NAME).get("validation/tokens").documents() > 0) {
            return Optional.empty();
        }
        return Optional.of("nothing is held out for validation, and a quickstart needs some: build the corpus "
                + (settings.mix().validationFraction() > 0
                        ? "of two documents or more"
                        : "with a share for validation (--validation) above 0"));
    }

    @Override
    public String toString() {
        StringBuilder table = new StringBuilder();
        Ledger read = of(ReadStage.NAME);
        table.append(String.format(Locale.ROOT, "%-58s %11s %15s%n", "corpus", "documents", "bytes"));
        row(table, "read", read.get("read"), 1);
        row(table, "  not readable", read.get("unreadable"), -1);
        read.under("cleaning/dropped/").forEach((name, count) -> row(table, "  dropped: " + name, count, -1));
        read.under("cleaning/changed/").forEach((name, count) -> row(table, "  changed: " + name, count, -1));
        read.under("filter/rejected/").forEach((name, count) -> row(table, "  rejected: " + name, count, -1));
        read.under("filter/changed/").forEach((name, count) -> row(table, "  changed: " + name, count, -1));
        row(table, "clean", read.get("kept"), 1);
        row(table, "  exact duplicates", of(ExactStage.NAME).get("duplicate"), -1);
        row(table, "  near duplicates", of(NearStage.NAME).get("duplicate"), -1);
        row(table, "different", of(NearStage.NAME).get("kept"), 1);
        table.append(String.format(
                Locale.ROOT,
                "  lines cut that stand in more than %d documents: %,d%n",
                settings.duplicates().lineCopies(),
                of(LinesStage.NAME).get("lines cut").documents()));
        row(table, "to train on", of(OrderStage.NAME).get("training"), 1);
        row(table, "held out for validation", of(OrderStage.NAME).get("validation"), 1);
        for (CorpusInput input : settings.inputs()) {
            Map<String, Ledger.Count> counts = of(OrderStage.NAME).under("origin/" + input.name() + "/");
            counts.forEach((what, count) -> row(table, "  " + input.name() + " " + what, count, 1));
        }
        Ledger tokens = of(TokensStage.NAME);
        for (String part : new String[] {"train", "validation"}) {
            long all = tokens.get(part + "/tokens").documents();
            table.append(String.format(
                    Locale.ROOT,
                    "%s: %,d tokens in %d shards, %.2f bytes a token, %.3f %% padding%n",
                    part,
                    all,
                    tokens.get(part + "/shards").documents(),
                    (double) tokens.get(part + "/documents").bytes() / Math.max(1, all),
                    100.0 * tokens.get(part + "/padding").documents() / Math.max(1, all)));
        }
        heldOutNothing().ifPresent(words -> table.append(words).append('\n'));
        lines(table, read.notes(), read.allNotes());
        lines(table, read.hits(), read.allHits());
        table.append(String.format(Locale.ROOT, "%n%-58s %11s %15s%n", "stage", "seconds", "of its text"));
        speeds().forEach(speed -> speed(table, speed));
        speed(table, overall());
        return table.toString();
    }

    private static void speed(StringBuilder table, Speed speed) {
        table.append(String.format(Locale.ROOT, "%-58s %,11.1f %15s%n", speed.name, speed.seconds, speed.perSecond()));
    }

    private static void lines(StringBuilder table, List<String> lines, long all) {
        List<String> shown = lines.subList(0, Math.min(MOST_NOTES, lines.size()));
        shown.forEach(line -> table.append("  ").append(line).append('\n'));
        if (all > shown.size()) {
            table.append("  … and ").append(all - shown.size()).append(" more\n");
        }
    }

    /// Rows of nothing are left out.
    private static void row(StringBuilder table, String what, Ledger.Count count, int sign) {
        if (count.documents() > 0) {
            table.append(
                    String.format(Locale.ROOT, "%-58s %,11d %,15d%n", what, count.documents(), sign * count.bytes()));
        }
    }
}
