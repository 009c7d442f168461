package torrefy.tokenizer.corpus.build;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a stage counted, under names such as `filter/rejected/gopher-quality`, how long it took, and lines that it has
/// to say.
public final class Ledger {

    /// Of documents and of the bytes in them.
    public record Count(long documents, long bytes) {

        public static final Count NONE = new Count(0, 0);

        Count plus(long moreDocuments, long moreBytes) {
            return new Count(documents + moreDocuments, bytes + moreBytes);
        }
    }

    private static final int MOST_NOTES = 1000;

    private final Map<String, Count> counts = new LinkedHashMap<>();
    private final List<String> notes = new ArrayList<>();
    private long milliseconds;

    public void add(String name, long documents, long bytes) {
        counts.merge(name, new Count(documents, bytes), (a, b) -> a.plus(b.documents(), b.bytes()));
    }

    /// Keeps the first thousand lines; the rest are only counted.
    public void note(String line) {
        if (notes.size() < MOST_NOTES) {
            notes.add(line.replaceAll("[\\t\\r\\n]", " "));
        } else {
            add("further notes", 1, 0);
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
}
