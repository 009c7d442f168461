package torrefy.tokenizer.corpus.build;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import torrefy.core.data.TokenShard;
import torrefy.tokenizer.Tokenizer;
import torrefy.tokenizer.TokenizerJson;
import torrefy.tokenizer.corpus.pack.JsonLine;
import torrefy.tokenizer.corpus.pack.Trace;

class CorpusBuildTest {

    @TempDir
    Path folder;

    private Path input;
    private final List<String> progress = new ArrayList<>();

    @BeforeEach
    void files() throws IOException {
        input = SmallFiles.make(folder.resolve("input"));
    }

    private CorpusReport build(BuildSettings settings, String out, int threads) throws IOException {
        return CorpusBuild.run(settings, folder.resolve(out), threads, progress::add);
    }

    private CorpusReport build(BuildSettings settings) throws IOException {
        return build(settings, "out", 2);
    }

    /// The contents of all final files.
    private Map<String, byte[]> tokens(String out) throws IOException {
        Map<String, byte[]> contents = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder.resolve(out).resolve("tokens"))) {
            for (Path file : files.toList()) {
                contents.put(file.getFileName().toString(), Files.readAllBytes(file));
            }
        }
        return contents;
    }

    private void assertSameTokens(String a, String b) throws IOException {
        Map<String, byte[]> first = tokens(a);
        Map<String, byte[]> second = tokens(b);
        assertEquals(first.keySet(), second.keySet());
        assertTrue(first.size() > 5, first.keySet().toString());
        for (String name : first.keySet()) {
            if (!name.equals(Manifest.NAME)) {
                assertArrayEquals(first.get(name), second.get(name), name);
            }
        }
    }

    @Test
    void everyDocumentIsAccountedFor() throws IOException {
        CorpusReport report = build(SmallFiles.settings(input));
        Ledger read = report.of(ReadStage.NAME);
        assertEquals(97, read.get("read").documents());
        assertEquals(2, read.get("unreadable").documents());
        assertEquals(1, read.get("cleaning/dropped/too short").documents());
        assertEquals(20, read.get("filter/changed/mask-personal").documents());
        assertEquals(96, read.get("kept").documents());
        assertEquals(10, report.of(ExactStage.NAME).get("duplicate").documents());
        assertEquals(5, report.of(NearStage.NAME).get("duplicate").documents());
        Ledger order = report.of(OrderStage.NAME);
        assertEquals(
                81, order.get("training").documents() + order.get("validation").documents());
        String text = report.toString();
        for (String line : List.of("broken.zip: cannot be read as a zip", "lines.jsonl:2: is not JSON")) {
            assertTrue(text.contains(line), text);
        }
        assertEquals(text, CorpusFolder.open(folder.resolve("out")).report());
    }

    @Test
    void ofEachExactDuplicateItIsSaidWhichDocumentStays() throws IOException {
        build(SmallFiles.settings(input));
        Set<String> found = new HashSet<>();
        for (String line : Files.readAllLines(folder.resolve("out/2-exact/exact.jsonl"))) {
            Map<String, Object> pair = JsonLine.parse(line);
            Path one = input.resolve((String) pair.get("source"));
            Path other = input.resolve((String) pair.get("same"));
            assertEquals(one.getFileName(), other.getFileName(), line);
            assertTrue(!one.equals(other) && Files.mismatch(one, other) < 0, line);
            assertTrue(found.add(one.getFileName().toString()), line);
        }
        assertEquals(10, found.size());
    }

    /// A training on it is refused otherwise only when it begins.
    @Test
    void aCorpusThatHoldsNothingOutSaysWhatToDo() throws IOException {
        String nothing = "nothing is held out for validation";
        assertFalse(build(SmallFiles.settings(input)).toString().contains(nothing));
        Path single = Files.createDirectories(folder.resolve("single"));
        Files.writeString(single.resolve("one.txt"), SmallFiles.prose(1, 40));
        String one = build(SmallFiles.settings(single), "one", 2).toString();
        assertTrue(one.contains(nothing) && one.contains("of two documents or more"), one);
        String page = Files.readString(folder.resolve("one/report.html"));
        assertTrue(page.contains(nothing), page);
        BuildSettings none = SmallFiles.settings(input).withMix(new BuildSettings.Mix(0, 7, 0, 2000));
        String all = build(none, "all", 2).toString();
        assertTrue(all.contains(nothing) && all.contains("--validation) above 0"), all);
    }

    /// All texts, decoded again, are what cleaning left of the files, each once.
    @Test
    void shardsHoldTheDocumentsWithMarksBetween() throws IOException {
        build(SmallFiles.settings(input));
        Tokenizer tokenizer = TokenizerJson.read(folder.resolve("out/tokens/tokenizer.json"));
        Set<String> texts = new HashSet<>();
        int shards = 0;
        for (Path file : CorpusFolder.open(folder.resolve("out")).shards()) {
            shards++;
            try (TokenShard shard = TokenShard.open(file)) {
                int[] ids = new int[(int) shard.length()];
                shard.read(0, ids, 0, ids.length);
                for (int from = 0; from < ids.length; ) {
                    int to = from;
                    while (ids[to] != tokenizer.endOfText()) {
                        to++;
                    }
                    assertTrue(
                            texts.add(tokenizer.decodeText(Arrays.copyOfRange(ids, from, to))), "a text stands twice");
                    from = to + 1;
                }
            }
        }
        assertTrue(shards > 3, shards + " shards");
        assertEquals(81, texts.size());
        for (int i = 0; i < 60; i++) {
            boolean isNear = i >= 20 && i < 25;
            assertTrue(texts.contains(SmallFiles.prose(i, 12 + i % 7) + (isNear ? "The end.\n" : "")), "text " + i);
        }
    }

    @Test
    void theResultIsTheSameForAnyNumberOfThreadsAndOrderOfInputs() throws IOException {
        Path other = folder.resolve("other");
        Files.createDirectories(other);
        Files.move(input.resolve("again"), other.resolve("again"));
        Files.move(input.resolve("nearly"), other.resolve("nearly"));
        build(SmallFiles.settings(input, other), "one", 1);
        build(SmallFiles.settings(other, input), "three", 3);
        assertSameTokens("one", "three");
    }

    @Test
    void aThousandTokensAreTracedToTheirSources() throws IOException {
        build(SmallFiles.settings(input));
        Tokenizer tokenizer = TokenizerJson.read(folder.resolve("out/tokens/tokenizer.json"));
        List<Path> shards = CorpusFolder.open(folder.resolve("out")).shards();
        Random random = new Random(5);
        int marks = 0;
        for (int i = 0; i < 1000; i++) {
            Path file = shards.get(random.nextInt(shards.size()));
            try (TokenShard shard = TokenShard.open(file)) {
                long token = random.nextInt((int) shard.length());
                Optional<Trace> found = Trace.find(file, token);
                if (shard.token(token) == tokenizer.endOfText()) {
                    assertTrue(found.isEmpty());
                    marks++;
                    continue;
                }
                assertTraces(found.orElseThrow(), token, shard, tokenizer);
            }
        }
        assertTrue(marks < 100, marks + " marks");
    }

    private void assertTraces(Trace trace, long token, TokenShard shard, Tokenizer tokenizer) throws IOException {
        long at = trace.at();
        for (long i = trace.token(); i < token; i++) {
            at += tokenizer.vocabulary().length(shard.token(i));
        }
        if (trace.changes().isEmpty() && !trace.source().contains("jsonl")) {
            byte[] source = Files.readAllBytes(input.resolve(trace.source()));
            byte[] bytes = tokenizer.vocabulary().bytes(shard.token(token));
            int from = (int) (trace.from() + at);
            assertArrayEquals(bytes, Arrays.copyOfRange(source, from, from + bytes.length), trace.source());
        }
        String passed = trace.source().endsWith(".java")
                ? "code-quality, mask-personal"
                : "gopher-quality, gopher-repetition, fineweb, mask-personal";
        assertEquals(passed, trace.passed());
        assertEquals(32, trace.document().length());
    }

    @Test
    void whatIsFinishedIsNotDoneAgain() throws IOException {
        BuildSettings settings = SmallFiles.settings(input);
        build(settings);
        assertFalse(progress.stream().anyMatch(line -> line.endsWith("done before")));
        progress.clear();
        build(settings);
        assertTrue(progress.stream().allMatch(line -> line.endsWith("done before")), progress.toString());
        progress.clear();
        build(settings.withMix(new BuildSettings.Mix(0.1, 8, 0, 2000)));
        assertEquals(
                4,
                progress.stream().filter(line -> line.endsWith("done before")).count(),
                progress.toString());
        progress.clear();
        Files.writeString(input.resolve("new.txt"), SmallFiles.prose(5000, 30));
        build(settings);
        assertEquals(
                0,
                progress.stream().filter(line -> line.endsWith("done before")).count());
    }

    /// What a link leads to counts, and not the link, which stays as it was.
    @Test
    void aChangeBehindALinkIsNoticed() throws IOException {
        Path elsewhere = Files.writeString(folder.resolve("elsewhere.txt"), SmallFiles.prose(5000, 30));
        Files.createSymbolicLink(input.resolve("link.txt"), elsewhere);
        BuildSettings settings = SmallFiles.settings(Files.createSymbolicLink(folder.resolve("inputs"), input));
        build(settings);
        Files.writeString(elsewhere, SmallFiles.prose(5001, 31));
        progress.clear();
        build(settings);
        assertFalse(progress.getFirst().endsWith("done before"), progress.toString());
        Files.delete(input.resolve("texts/1.txt"));
        progress.clear();
        build(settings);
        assertFalse(progress.getFirst().endsWith("done before"), progress.toString());
        progress.clear();
        build(settings);
        assertTrue(progress.getFirst().endsWith("done before"), progress.toString());
    }

    @Test
    void aDamagedFileOfAStageIsMadeAnew() throws IOException {
        BuildSettings settings = SmallFiles.settings(input);
        build(settings, "whole", 1);
        build(settings);
        Path file = folder.resolve("out/3-near/tickets.bin");
        byte[] bytes = Files.readAllBytes(file);
        bytes[100]++;
        Files.write(file, bytes);
        progress.clear();
        build(settings);
        assertTrue(progress.get(1).endsWith("done before"), progress.toString());
        assertFalse(progress.get(2).endsWith("done before"), progress.toString());
        assertSameTokens("whole", "out");
    }

    @Test
    void sequencesOfBestFitHoldEveryTokenAndWasteLittle() throws IOException {
        BuildSettings settings = SmallFiles.settings(input);
        build(settings, "stream", 2);
        CorpusReport report = build(settings.withMix(new BuildSettings.Mix(0.1, 7, 256, 2560)), "packed", 2);
        Tokenizer tokenizer = TokenizerJson.read(folder.resolve("packed/tokens/tokenizer.json"));
        assertEquals(histogram("stream", tokenizer), histogram("packed", tokenizer));
        Ledger tokens = report.of(TokensStage.NAME);
        assertTrue(
                tokens.get("train/padding").documents()
                        < 0.02 * tokens.get("train/tokens").documents(),
                report.toString());
        for (Path file : CorpusFolder.open(folder.resolve("packed")).shards()) {
            try (TokenShard shard = TokenShard.open(file)) {
                assertEquals(0, shard.length() % 256, file.toString());
            }
        }
    }

    /// How often each token stands in a corpus, marks aside.
    private Map<Integer, Integer> histogram(String out, Tokenizer tokenizer) throws IOException {
        Map<Integer, Integer> counts = new TreeMap<>();
        for (Path file : CorpusFolder.open(folder.resolve(out)).shards()) {
            try (TokenShard shard = TokenShard.open(file)) {
                for (long i = 0; i < shard.length(); i++) {
                    counts.merge(shard.token(i), 1, Integer::sum);
                }
            }
        }
        counts.remove(tokenizer.endOfText());
        return counts;
    }

    @Test
    void inputsAreMixedByTheirWeights() throws IOException {
        Path other = folder.resolve("other");
        for (int i = 0; i < 200; i++) {
            Files.createDirectories(other);
            Files.writeString(other.resolve(i + ".txt"), SmallFiles.prose(10_000 + i, 15));
        }
        BuildSettings settings = SmallFiles.settings(input);
        CorpusReport report =
                build(settings.withInputs(List.of(new CorpusInput("a", input, 1), new CorpusInput("b", other, 1))));
        double a = report.of(OrderStage.NAME).get("origin/a/taken").bytes();
        double b = report.of(OrderStage.NAME).get("origin/b/taken").bytes();
        assertEquals(96 - 15, report.of(OrderStage.NAME).get("origin/a/taken").documents());
        // Of 200 documents 60 or so are taken, give or take 7; documents are about equally long.
        assertEquals(1, b / a, 0.4);
    }

    @Test
    void linesThatStandInManyDocumentsAreKeptOnce() throws IOException {
        String notice = "All rights of this text are with those who wrote it down in the first place.\n";
        for (int i = 0; i < 9; i++) {
            Files.writeString(input.resolve("notice" + i + ".txt"), SmallFiles.prose(600 + i, 15) + notice);
        }
        CorpusReport report = build(SmallFiles.settings(input));
        assertEquals(8, report.of(LinesStage.NAME).get("lines cut").documents());
        String lines = Files.readString(folder.resolve("out/4-lines/lines.jsonl"));
        assertEquals("{\"documents\":9,\"line\":\"" + notice.strip() + "\"}\n", lines);
        Tokenizer tokenizer = TokenizerJson.read(folder.resolve("out/tokens/tokenizer.json"));
        StringBuilder all = new StringBuilder();
        for (Path file : CorpusFolder.open(folder.resolve("out")).shards()) {
            try (TokenShard shard = TokenShard.open(file)) {
                int[] ids = new int[(int) shard.length()];
                shard.read(0, ids, 0, ids.length);
                all.append(tokenizer.decodeText(ids));
            }
        }
        assertEquals(all.indexOf(notice), all.lastIndexOf(notice));
        assertTrue(all.indexOf(notice) >= 0);
    }

    @Test
    void rejectsAreKeptOnRequestAndEvaluationTextsStayOut() throws IOException {
        Path quiz = Files.writeString(folder.resolve("quiz.txt"), SmallFiles.prose(3, 12 + 3));
        Files.writeString(input.resolve("bad.txt"), "word ".repeat(200));
        CorpusReport report = build(SmallFiles.settings(input)
                .withRejectsKept(true)
                .withEvaluation(new BuildSettings.Evaluation(List.of(quiz), 13)));
        assertEquals(
                2,
                report.of(ReadStage.NAME).get("filter/rejected/decontaminate").documents());
        assertTrue(report.toString().contains("texts/3.txt: shares with " + quiz), report.toString());
        Ledger read = report.of(ReadStage.NAME);
        assertTrue(
                read.hits().getFirst().contains(": shares with "), read.hits().toString());
        assertEquals(2, read.notes().size(), read.notes().toString());
        assertFalse(progress.stream().anyMatch(line -> line.contains("evaluation")), progress.toString());
        String rejects = Files.readString(folder.resolve("out/1-read/rejected-gopher-quality.jsonl"));
        assertTrue(rejects.contains("\"source\":\"bad.txt\",\"why\":\"different stop words"), rejects);
        assertTrue(CorpusFolder.open(folder.resolve("out"))
                .samples("gopher-quality")
                .getFirst()
                .contains("bad.txt"));
    }

    /// A question with an address in it, which a mask would take before the question is looked for.
    @Test
    void evaluationTextsAreFoundBeforeWordsAreMasked() throws IOException {
        String question = "To whom does a letter go that is sent to jane.roe@example.org and to nobody else?";
        Path quiz = Files.writeString(
                folder.resolve("quiz.jsonl"), "{\"text\": \"" + question + "\"}\n{\"text\": \"a\"}\n");
        Files.writeString(input.resolve("answer.txt"), SmallFiles.prose(600, 20) + question + "\n");
        CorpusReport report =
                build(SmallFiles.settings(input).withEvaluation(new BuildSettings.Evaluation(List.of(quiz), 13)));
        assertEquals(
                1,
                report.of(ReadStage.NAME).get("filter/rejected/decontaminate").documents());
        assertEquals(
                "1 of 2 evaluation texts have fewer than 13 words in a row and cannot be found", progress.getFirst());
    }

    @Test
    void anEmptyResultSaysWhichFilterTookWhat() throws IOException {
        Path bad = Files.createDirectories(folder.resolve("bad"));
        for (int i = 0; i < 3; i++) {
            Files.writeString(bad.resolve(i + ".txt"), (i + "word ").repeat(200));
        }
        Files.writeString(bad.resolve("short.txt"), "short");
        IOException refused = assertThrows(IOException.class, () -> build(SmallFiles.settings(bad)));
        assertTrue(
                refused.getMessage().endsWith("of 4 documents read 1 too short, 3 gopher-quality"),
                refused.getMessage());
        assertFalse(Files.exists(folder.resolve("out/1-read")));
        Path empty = Files.createDirectories(folder.resolve("empty"));
        refused = assertThrows(IOException.class, () -> build(SmallFiles.settings(empty)));
        assertTrue(refused.getMessage().endsWith("there is no document in the input"), refused.getMessage());
    }

    @Test
    void mistakesAreNamedBeforeAnythingIsRead() {
        BuildSettings settings = SmallFiles.settings(input);
        assertMistake("no filter 'gofer'", settings.withFilters(List.of("gofer")));
        assertMistake("no such file or folder", SmallFiles.settings(folder.resolve("missing")));
        assertMistake("lies inside the input", SmallFiles.settings(folder));
        assertFalse(Files.exists(folder.resolve("out")));
        assertThrows(IllegalArgumentException.class, () -> SmallFiles.settings(input, input));
        assertThrows(IllegalArgumentException.class, () -> new BuildSettings.Mix(1, 1, 0, 100));
        assertThrows(IllegalArgumentException.class, () -> new BuildSettings.Duplicates(null, 0, 3));
    }

    private void assertMistake(String message, BuildSettings settings) {
        Exception refused = assertThrows(Exception.class, () -> build(settings));
        assertTrue(refused.getMessage().contains(message), refused.getMessage());
        assertEquals(1, refused.getMessage().lines().count());
    }

    /// The same folder may hold a build, if the pattern means none of its files.
    @Test
    void aPatternMayLookAroundTheBuild() throws IOException {
        Path out = input.resolve("out");
        for (String pattern : List.of("/{texts,again,nearly}/*.txt", "/**/*.json*")) {
            BuildSettings settings = BuildSettings.standard(List.of(CorpusInput.at(input + pattern, "in", 0)))
                    .withTokenizer(SmallFiles.settings(input).tokenizer());
            if (pattern.endsWith("txt")) {
                CorpusReport report = CorpusBuild.run(settings, out, 1, progress::add);
                assertEquals(75, report.of(ReadStage.NAME).get("read").documents());
                CorpusBuild.run(settings, out, 1, progress::add);
                assertTrue(progress.getLast().endsWith("done before"), progress.toString());
            } else {
                assertThrows(IllegalArgumentException.class, () -> CorpusBuild.run(settings, out, 1, progress::add));
            }
        }
    }

    @Test
    void loopsAndFilesWithoutPermissionCostThemselves() throws IOException {
        Files.createSymbolicLink(input.resolve("texts/loop"), input);
        Path secret = Files.writeString(input.resolve("secret.txt"), "secret", StandardCharsets.UTF_8);
        boolean isSecret = secret.toFile().setReadable(false) && !Files.isReadable(secret);
        Assumptions.assumeTrue(isSecret, "the user may read all");
        CorpusReport report = build(SmallFiles.settings(input));
        assertEquals(96, report.of(ReadStage.NAME).get("kept").documents());
        assertTrue(report.toString().contains("secret.txt: cannot be read: no permission"), report.toString());
    }

    @Test
    void twoRunsInOneFolderAreRefused() throws IOException {
        List<String> refusals = new ArrayList<>();
        CorpusBuild.run(SmallFiles.settings(input), folder.resolve("out"), 1, line -> {
            try {
                build(SmallFiles.settings(input));
            } catch (IOException e) {
                refusals.add(e.getMessage());
            }
        });
        assertTrue(refusals.getFirst().endsWith("another run is building a corpus here"), refusals.toString());
    }
}
