package torrefy.tokenizer.corpus.build;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a stage counted, under names such as `filter/rejected/gopher-quality`, how long it took, and lines that it has
/// to say: of each file that cannot be read, and of each text that shares words with an evaluation text. Either kind
/// leaves the other its place.
public final class Ledger {

    /// Of documents and of the bytes in them.
    public record Count(long documents, long bytes) {

        public static final Count NONE = new Count(0, 0);

        Count plus(long moreDocuments, long moreBytes) {
            return new Count(documents + moreDocuments, bytes + moreBytes);
        }
    }

    private static final int MOST_NOTES = 1000;

    /// How those beyond are counted.
    private static final String FURTHER = "further ";

    private final Map<String, Count> counts = new LinkedHashMap<>();
    private final List<String> notes = new ArrayList<>();
    private final List<String> hits = new ArrayList<>();
    private long milliseconds;

    public void add(String name, long documents, long bytes) {
        counts.merge(name, new Count(documents, bytes), (a, b) -> a.plus(b.documents(), b.bytes()));
    }

    /// Keeps the first thousand lines about what cannot be read; the rest are only counted.
    public void note(String line) {
        keep(notes, "notes", line);
    }

    /// The same of evaluation texts.
    public void hit(String line) {
        keep(hits, "hits", line);
    }

    private void keep(List<String> lines, String name, String line) {
        if (lines.size() < MOST_NOTES) {
            lines.add(line.replaceAll("[\\t\\r\\n]", " "));
        } else {
            add(FURTHER + name, 1, 0);
        }
    }

    void took(long time) {
        milliseconds = time;
    }

    /// How long the stage ran; with a run that was stopped after a checkpoint, up to there.
    public long milliseconds() {
        return milliseconds;
    }

    public Count get(String name) {
        return counts.getOrDefault(name, Count.NONE);
    }

    /// The counts whose names begin so, under the rest of their names.
    public Map<String, Count> under(String prefix) {
        Map<String, Count> found = new LinkedHashMap<>();
        counts.forEach((name, count) -> {
            if (name.startsWith(prefix)) {
                found.put(name.substring(prefix.length()), count);
            }
        });
        return found;
    }

    public Map<String, Count> counts() {
        return Collections.unmodifiableMap(counts);
    }

    public List<String> notes() {
        return Collections.unmodifiableList(notes);
    }

    public List<String> hits() {
        return Collections.unmodifiableList(hits);
    }

    /// All notes, those that were only counted too.
    public long allNotes() {
        return notes.size() + get(FURTHER + "notes").documents();
    }

    public long allHits() {
        return hits.size() + get(FURTHER + "hits").documents();
    }
}
