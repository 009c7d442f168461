package torrefy.benchmarks.corpus;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import torrefy.core.data.TokenShard;
import torrefy.tokenizer.Tokenizer;
import torrefy.tokenizer.TokenizerJson;
import torrefy.tokenizer.corpus.build.CorpusFolder;
import torrefy.tokenizer.corpus.pack.JsonLine;
import torrefy.tokenizer.corpus.pack.Trace;

/// What a build says became of the documents that were planted, by their sources.
///
/// @param rejected the filter that took a document
/// @param same which document it was an exact duplicate of
/// @param near which document it was a near duplicate of
/// @param kept the final text, decoded from the tokens
/// @param notes lines of the report
record Outcome(
        Map<String, String> rejected,
        Map<String, String> same,
        Map<String, String> near,
        Map<String, String> kept,
        List<String> notes) {

    private static final String REJECTED = "rejected-";
    private static final String NOTE = "note\t";

    /// @param out the folder of the build
    static Outcome read(Path out) throws IOException {
        Map<String, String> rejected = new HashMap<>();
        Path read = out.resolve("1-read");
        try (Stream<Path> files = Files.list(read)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (name.startsWith(REJECTED)) {
                    String filter = name.substring(REJECTED.length(), name.lastIndexOf('.'));
                    forEachLine(file, line -> rejected.put((String) line.get("source"), filter));
                }
            }
        }
        List<String> notes;
        try (Stream<String> lines = Files.lines(read.resolve("manifest.txt"))) {
            notes = lines.filter(line -> line.startsWith(NOTE))
                    .map(line -> line.substring(NOTE.length()))
                    .toList();
        }
        return new Outcome(
                rejected,
                pairs(out.resolve("2-exact").resolve("exact.jsonl"), "same"),
                pairs(out.resolve("3-near").resolve("near.jsonl"), "near"),
                kept(CorpusFolder.open(out)),
                notes);
    }

    private static Map<String, String> pairs(Path file, String other) throws IOException {
        Map<String, String> pairs = new HashMap<>();
        forEachLine(file, line -> pairs.put((String) line.get("source"), (String) line.get(other)));
        return pairs;
    }

    private static Map<String, String> kept(CorpusFolder corpus) throws IOException {
        Map<String, String> kept = new HashMap<>();
        Tokenizer tokenizer = TokenizerJson.read(corpus.tokenizer());
        for (Path file : corpus.shards()) {
            try (TokenShard shard = TokenShard.open(file)) {
                forEachLine(Trace.fileOf(file), run -> {
                    int[] tokens = new int[((Long) run.get("tokens")).intValue()];
                    shard.read((Long) run.get("token"), tokens, 0, tokens.length);
                    kept.merge((String) run.get("source"), tokenizer.decodeText(tokens), String::concat);
                });
            }
        }
        return kept;
    }

    @FunctionalInterface
    private interface LineSink {
        void accept(Map<String, Object> values);
    }

    private static void forEachLine(Path file, LineSink sink) throws IOException {
        try (Stream<String> lines = Files.lines(file)) {
            lines.filter(line -> line.contains("\"source\":\"planted/"))
                    .map(JsonLine::parse)
                    .forEach(sink::accept);
        }
    }

    /// Whether an exact duplicate of it could be found: it got that far.
    boolean reachedExact(String source) {
        return same.containsKey(source) || reachedNear(source);
    }

    /// Whether a near duplicate of it could be found.
    boolean reachedNear(String source) {
        return near.containsKey(source) || kept.containsKey(source);
    }

    /// The document that stands for it.
    String keptFor(String source) {
        String one = same.getOrDefault(source, source);
        return near.getOrDefault(one, one);
    }
}
