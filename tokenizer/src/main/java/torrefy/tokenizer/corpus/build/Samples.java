package torrefy.tokenizer.corpus.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import torrefy.tokenizer.corpus.pack.JsonLine;

/// A few documents for each thing that can become of one, for people to look at: those with the lowest hashes, so that
/// they do not depend on the order of reading.
final class Samples {

    private static final int MOST = 4;
    private static final int CHARACTERS = 700;

    /// @param kind what became of it
    record Sample(String kind, String source, String why, String text) {}

    private final Map<String, TreeMap<Long, Sample>> byKind = new TreeMap<>();

    void offer(String kind, long hash, String source, String why, String text) {
        TreeMap<Long, Sample> samples = byKind.computeIfAbsent(kind, unused -> new TreeMap<>(Long::compareUnsigned));
        if (samples.size() == MOST && Long.compareUnsigned(hash, samples.lastKey()) >= 0) {
            return;
        }
        int end = text.offsetByCodePoints(0, Math.min(CHARACTERS, text.codePointCount(0, text.length())));
        samples.put(hash, new Sample(kind, source, why, text.substring(0, end)));
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
                                "source", sample.source,
                                "why", sample.why,
                                "text", sample.text))));
        Files.writeString(file, lines);
    }

    static List<Sample> read(Path file) throws IOException {
        List<Sample> samples = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            Map<String, Object> values = JsonLine.parse(line);
            samples.add(new Sample(
                    (String) values.get("kind"), (String) values.get("source"), (String) values.get("why"), (String)
                            values.get("text")));
        }
        return samples;
    }
}
