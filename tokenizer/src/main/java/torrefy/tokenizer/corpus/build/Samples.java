package torrefy.tokenizer.corpus.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import torrefy.core.data.AtomicFile;
import torrefy.tokenizer.corpus.pack.JsonLine;

/// A few documents for each thing that can become of one, for people to look at: those with the lowest hashes, of equal
/// ones that of the first source, so that they do not depend on the order of reading, nor on being offered twice.
final class Samples {

    private static final int MOST = 4;
    private static final int CHARACTERS = 700;

    /// @param kind what became of it
    record Sample(String kind, long hash, String source, String why, String text) {}

    private final Map<String, TreeMap<Long, Sample>> byKind = new TreeMap<>();

    /// @param text is asked for only if the document is one of those with the lowest hashes
    void offer(String kind, long hash, String source, String why, Supplier<String> text) {
        TreeMap<Long, Sample> samples = byKind.computeIfAbsent(kind, unused -> new TreeMap<>(Long::compareUnsigned));
        if (samples.size() == MOST && Long.compareUnsigned(hash, samples.lastKey()) > 0) {
            return;
        }
        String whole = text.get();
        int end = whole.offsetByCodePoints(0, Math.min(CHARACTERS, whole.codePointCount(0, whole.length())));
        Sample sample = new Sample(kind, hash, source, why, whole.substring(0, end));
        samples.merge(hash, sample, (a, b) -> a.source.compareTo(b.source) <= 0 ? a : b);
        if (samples.size() > MOST) {
            samples.pollLastEntry();
        }
    }

    void write(Path file) throws IOException {
        StringBuilder lines = new StringBuilder();
        byKind.values()
                .forEach(samples -> samples.values()
                        .forEach(sample -> lines.append(JsonLine.of(
                                "kind", sample.kind,
                                "hash", sample.hash,
                                "source", sample.source,
                                "why", sample.why,
                                "text", sample.text))));
        AtomicFile.write(file, lines.toString());
    }

    /// Those of a file, to go on with.
    static Samples resume(Path file) throws IOException {
        Samples samples = new Samples();
        read(file)
                .forEach(sample ->
                        samples.offer(sample.kind, sample.hash, sample.source, sample.why, () -> sample.text));
        return samples;
    }

    static List<Sample> read(Path file) throws IOException {
        List<Sample> samples = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            Map<String, Object> values = JsonLine.parse(line);
            samples.add(new Sample(
                    (String) values.get("kind"),
                    (Long) values.get("hash"),
                    (String) values.get("source"),
                    (String) values.get("why"),
                    (String) values.get("text")));
        }
        return samples;
    }
}
