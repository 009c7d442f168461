package torrefy.tokenizer.corpus.build;

import java.util.Locale;
import java.util.Map;

/// What building a corpus did, stage by stage.
///
/// @param ledgers what the stages counted, by their names
public record CorpusReport(BuildSettings settings, Map<String, Ledger> ledgers) {

    private static final int MOST_NOTES = 20;

    Ledger of(String stage) {
        return ledgers.get(stage);
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
        notes(table, read);
        return table.toString();
    }

    private static void notes(StringBuilder table, Ledger read) {
        read.notes().stream()
                .limit(MOST_NOTES)
                .forEach(note -> table.append("  ").append(note).append('\n'));
        long more = read.notes().size() - MOST_NOTES + read.get("further notes").documents();
        if (more > 0) {
            table.append("  … and ").append(more).append(" more\n");
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
