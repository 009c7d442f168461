package torrefy.tokenizer.corpus;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import torrefy.tokenizer.corpus.clean.Cleaned;
import torrefy.tokenizer.corpus.clean.CleaningStep;
import torrefy.tokenizer.corpus.read.Document;

/// How many documents and bytes each step of cleaning took. Bytes read, less the bytes that the steps took, are the
/// bytes kept.
public final class CleaningReport {

    private static final int MOST_NOTES = 20;

    private final String corpus;
    private final long[] documents = new long[CleaningStep.values().length];
    private final long[] bytes = new long[CleaningStep.values().length];
    private final List<String> notes = new ArrayList<>();
    private long furtherNotes;
    private long documentsRead;
    private long bytesRead;
    private long documentsTraining;
    private long bytesTraining;
    private long documentsValidation;
    private long bytesValidation;
    private boolean limitReached;

    CleaningReport(String corpus) {
        this.corpus = corpus;
    }

    void read(long size) {
        documentsRead++;
        bytesRead += size;
    }

    /// A document was dropped or changed by a step, which took `taken` bytes; fewer than none if it grew.
    void took(CleaningStep step, long taken) {
        documents[step.ordinal()]++;
        bytes[step.ordinal()] += taken;
    }

    void took(Cleaned cleaned) {
        cleaned.changes().forEach(change -> took(change.step(), change.bytes()));
    }

    void note(String line) {
        if (notes.size() < MOST_NOTES) {
            notes.add(line);
        } else {
            furtherNotes++;
        }
    }

    void kept(List<Document> training, List<Document> validation, boolean stoppedAtLimit) {
        documentsTraining = training.size();
        bytesTraining = Corpus.bytes(training);
        documentsValidation = validation.size();
        bytesValidation = Corpus.bytes(validation);
        limitReached = stoppedAtLimit;
    }

    /// Documents met, those included that could not be read.
    public long documentsRead() {
        return documentsRead;
    }

    /// Bytes of the documents that could be read.
    public long bytesRead() {
        return bytesRead;
    }

    /// Documents that a step dropped or changed.
    public long documents(CleaningStep step) {
        return documents[step.ordinal()];
    }

    /// Bytes that a step took.
    public long bytes(CleaningStep step) {
        return bytes[step.ordinal()];
    }

    /// Whether reading stopped because the byte limit was reached.
    public boolean limitReached() {
        return limitReached;
    }

    /// A line for each document that could not be read or was too large, at most the first twenty.
    public List<String> notes() {
        return Collections.unmodifiableList(notes);
    }

    /// What was dropped and why, on one line; empty if nothing was.
    String drops() {
        List<String> drops = new ArrayList<>();
        for (CleaningStep step : CleaningStep.values()) {
            if (step.drops() && documents(step) > 0) {
                drops.add(documents(step) + " " + step.label());
            }
        }
        return String.join(", ", drops);
    }

    /// The report as a table. Steps that found nothing to do are left out.
    @Override
    public String toString() {
        StringBuilder table = new StringBuilder();
        table.append(String.format(Locale.ROOT, "%-50s %11s %15s%n", "corpus " + corpus, "documents", "bytes"));
        row(table, limitReached ? "read, up to the limit" : "read", documentsRead, bytesRead);
        for (CleaningStep step : CleaningStep.values()) {
            if (documents(step) > 0) {
                row(
                        table,
                        (step.drops() ? "  dropped: " : "  changed: ") + step.label(),
                        documents(step),
                        -bytes(step));
            }
        }
        row(table, "kept", documentsTraining + documentsValidation, bytesTraining + bytesValidation);
        row(table, "  for training", documentsTraining, bytesTraining);
        row(table, "  held out for validation", documentsValidation, bytesValidation);
        notes.forEach(note -> table.append("  ").append(note).append(System.lineSeparator()));
        if (furtherNotes > 0) {
            table.append("  … and ").append(furtherNotes).append(" more").append(System.lineSeparator());
        }
        return table.toString();
    }

    private static void row(StringBuilder table, String what, long documents, long bytes) {
        table.append(String.format(Locale.ROOT, "%-50s %,11d %,15d%n", what, documents, bytes));
    }
}
