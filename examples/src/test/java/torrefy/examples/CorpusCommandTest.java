package torrefy.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CorpusCommandTest {

    private static final String[] NOUNS = ("river garden letter window harbour engine market village teacher winter"
                    + " time year people way day man thing life child world state family group country problem")
            .split(" ");

    @TempDir
    Path folder;

    private Path input;
    private Path out;

    /// Thirty texts, three of them twice, one with personal data, one that is nothing but a word, and a broken file.
    @BeforeEach
    void files() throws IOException {
        input = Files.createDirectories(folder.resolve("input"));
        out = folder.resolve("out");
        for (int i = 0; i < 30; i++) {
            Files.writeString(input.resolve("text" + i + ".txt"), prose(i));
        }
        for (int i = 0; i < 3; i++) {
            Files.writeString(input.resolve("copy" + i + ".txt"), prose(i));
        }
        Files.writeString(
                input.resolve("personal.txt"), prose(100) + "Write to jane.roe@example.org or call (212) 555-0123.\n");
        Files.writeString(input.resolve("bad.txt"), "word ".repeat(200));
        Files.writeString(input.resolve("broken.zip"), "this is no zip");
    }

    /// Twenty sentences that no other seed has, good enough for all filters.
    private static String prose(int seed) {
        Random random = new Random(seed);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 20; i++) {
            text.append("The ").append(noun(random)).append(" of the ").append(noun(random));
            for (int j = 3 + random.nextInt(8); j >= 0; j--) {
                text.append(' ').append(noun(random)).append(random.nextInt(1000));
            }
            text.append(" and that ")
                    .append(noun(random))
                    .append(" have to be ")
                    .append(noun(random))
                    .append(".\n");
        }
        return text.toString();
    }

    private static String noun(Random random) {
        return NOUNS[random.nextInt(NOUNS.length)];
    }

    private Captured build(Object... more) {
        Object[] arguments = {"corpus", "build", "--out", out, "--vocabulary", 280};
        return Captured.torrefy(
                Stream.of(arguments, more).flatMap(Arrays::stream).toArray());
    }

    @Test
    void aFolderBecomesShardsWithoutDuplicatesAndPersonalData() {
        Captured built = build("--input", input);
        assertEquals(0, built.code(), built.err());
        for (String row : new String[] {
            "read +35 .*",
            "  not readable +1 .*",
            "  rejected: gopher-quality +1 .*",
            "  changed: mask-personal +1 .*",
            "  exact duplicates +3 .*",
            "different +31 .*",
            "  broken.zip: cannot be read as a zip: .*"
        }) {
            assertTrue(built.lines().stream().anyMatch(line -> line.matches(row)), row + " in " + built.out());
        }

        Path tokens = out.resolve("tokens");
        String text = "";
        for (String shard : new String[] {"train-00000.bin", "validation-00000.bin"}) {
            text += Captured.torrefy(
                            "tokenizer", "decode", "-t", tokens.resolve("tokenizer.json"), tokens.resolve(shard))
                    .out();
        }
        assertTrue(text.contains("Write to <email> or call <phone>."), text);
        assertEquals(31, text.split("<\\|endoftext\\|>").length);
    }

    @Test
    void whatWasBuiltCanBeInspected() {
        Captured built = build("--input", input, "--keep-rejects");
        assertEquals(0, built.code(), built.err());
        Captured shown = Captured.torrefy("corpus", "inspect", out);
        assertTrue(built.out().contains(shown.lines().getFirst()), shown.out());
        assertTrue(shown.lines().getLast().matches(".*train-00000.bin: [\\d,]+ tokens"), shown.out());
        Captured samples = Captured.torrefy("corpus", "inspect", out, "--samples", "gopher-quality");
        assertTrue(samples.out().contains("--- bad.txt: "), samples.out());
        Captured filters = Captured.torrefy("corpus", "inspect", "--filters");
        assertTrue(filters.lines().getFirst().matches("gopher-quality +Rae et al.*"), filters.out());
        assertTrue(filters.lines().getLast().contains(": en de fr es "), filters.out());
        assertTrue(
                filters.lines().stream().anyMatch(line -> line.matches("code +a profile: code-quality, mask-personal")),
                filters.out());
        assertTrue(Files.exists(out.resolve("1-read/rejected-gopher-quality.jsonl")));
        assertTrue(Files.exists(out.resolve("report.html")));
    }

    /// The first token of a shard begins a document: its source must begin so too.
    @Test
    void aTokenIsTracedToTheBytesOfItsSource() throws IOException {
        build("--input", input);
        Path shard = out.resolve("tokens/train-00000.bin");
        Captured traced = Captured.torrefy("corpus", "trace", "--shard", shard, "--token", 2);
        assertEquals(0, traced.code(), traced.err());
        String source = traced.lines().stream()
                .filter(line -> line.startsWith("source:"))
                .findFirst()
                .orElseThrow();
        assertTrue(source.matches("source: +(text\\d+|copy\\d|personal)\\.txt, bytes 0 to \\d+"), source);
        Path file = input.resolve(source.replaceAll("source: +|,.*", ""));
        String around = traced.lines().get(1).replaceAll("around: +|[»«]", "");
        String beginning = Files.readString(file).substring(0, 12);
        assertTrue(around.startsWith(beginning), around + " for " + beginning);
        assertTrue(traced.out().contains("passed:   gopher-quality, gopher-repetition, fineweb, mask-personal"));
    }

    @Test
    void aProfileNamesFilters() {
        Captured code = build("--input", input, "--filters", "code");
        assertEquals(0, code.code(), code.err());
        assertTrue(code.out().contains("changed: mask-personal"), code.out());
        assertFalse(code.out().contains("rejected: gopher-quality"), code.out());
        Captured prose = build("--input", input, "--filters", "prose");
        assertTrue(prose.out().contains("rejected: gopher-quality"), prose.out());
    }

    @Test
    void aTokenThatPassedNoFilterIsSaidToHaveDoneSo() {
        build("--input", input, "--filters", "none").succeeded();
        Captured traced =
                Captured.torrefy("corpus", "trace", "--shard", out.resolve("tokens/train-00000.bin"), "--token", 2);
        assertEquals("passed:   no filter ran", traced.lines().getLast());
    }

    /// Inputs of several kinds: a file is named by its path, the files of a pattern by their places under its input.
    @Test
    void filesCanBeGivenByPatterns() throws IOException {
        Path single = Files.writeString(folder.resolve("single.txt"), prose(200));
        Path deep = Files.createDirectories(input.resolve("more/deep"));
        Files.writeString(deep.resolve("text5.txt"), prose(201));
        Captured built = build("--input", input + "/**/text[5-9].txt", "--input", single, "--validation", 0);
        assertEquals(0, built.code(), built.err());
        assertTrue(built.lines().stream().anyMatch(line -> line.matches("read +7 .*")), built.out());
        Path trace = out.resolve("tokens/train-00000.trace.jsonl");
        String traces = Files.readString(trace);
        assertTrue(traces.contains("\"source\":\"" + single + "\""), traces);
        assertTrue(traces.contains("\"source\":\"input/more/deep/text5.txt\""), traces);
        build("--input", input + "/*.md").assertRefused(1, "/*.md: no file matches");
        build("--input", input + "/[.md").assertRefused(1, "is no pattern");
    }

    @Test
    void otherLanguagesAreLeftOutOnRequest() throws IOException {
        Files.writeString(
                input.resolve("german.txt"), "Der Hafen liegt im Norden der Stadt und ist nicht sehr groß. ".repeat(2));
        Captured built = build("--input", input, "--language", "en,fr", "--filters", "none");
        assertEquals(0, built.code(), built.err());
        assertTrue(built.out().contains("rejected: language "), built.out());
        Captured samples = Captured.torrefy("corpus", "inspect", out, "--samples", "language");
        assertTrue(samples.out().contains("german.txt: language de"), samples.out());
        build("--input", input, "--language", "tlh")
                .assertRefused(1, "language 'tlh' cannot be told; these can: en, de");
    }

    @Test
    void aSecondRunFindsTheWorkDone() {
        Captured first = build("--input", input);
        Captured second = build("--input", input);
        assertFalse(first.out().contains("was done before"));
        assertEquals(
                7,
                second.lines().stream()
                        .filter(line -> line.endsWith("was done before"))
                        .count(),
                second.out());
    }

    /// Nothing in KOI8-R tells that it is not windows-1252; a file with a mark is what its mark says.
    @Test
    void anEncodingCanBeDeclaredForAllInputsOrForOne() throws IOException {
        String text = "Она сказала, что у неё нет времени на эту книгу. ".repeat(8) + "\n";
        Path old = Files.createDirectories(folder.resolve("old"));
        Files.write(old.resolve("a.txt"), text.getBytes("KOI8-R"));
        Files.write(
                old.resolve("b.txt"), ("\uFEFF" + text.replace("книгу", "газету")).getBytes(StandardCharsets.UTF_16LE));
        Object[] arguments = {"--input", old, "--filters", "none", "--validation", 0};
        assertDecoded(build(Stream.concat(Stream.of(arguments), Stream.of("--encoding", "koi8-r"))
                .toArray()));
        // Declared for the other input alone, it is not known; the build is another one and starts anew.
        Path other = Files.createDirectories(folder.resolve("other"));
        Files.write(other.resolve("c.txt"), text.replace("книгу", "песню").getBytes("windows-1251"));
        Captured both = build(Stream.concat(
                        Stream.of(arguments),
                        Stream.of("--input", other, "--encoding", "koi8-r", "--encoding", "other=windows-1251"))
                .toArray());
        assertDecoded(both);
        assertTrue(decodedShard().contains("песню"), decodedShard());
        Captured undeclared = build(arguments);
        assertFalse(undeclared.out().contains("1-read: was done before"), undeclared.out());
        assertFalse(decodedShard().contains("книгу"), decodedShard());

        build("--input", old, "--encoding", "klingon").assertRefused(1, "--encoding klingon: there is no encoding");
        build("--input", old, "--encoding", "new=utf-8").assertRefused(1, "--encoding new: no input has this name");
        build("--input", old, "--encoding", "utf-8", "--encoding", "utf-8").assertRefused(1, "given twice");
    }

    private void assertDecoded(Captured built) {
        assertEquals(0, built.code(), built.err());
        assertFalse(built.out().contains("1-read: was done before"), built.out());
        assertTrue(built.out().contains("made UTF-8 from another encoding"), built.out());
        assertTrue(decodedShard().contains("нет времени на эту книгу"), decodedShard());
        assertTrue(decodedShard().contains("нет времени на эту газету"), decodedShard());
    }

    private String decodedShard() {
        Path tokens = out.resolve("tokens");
        return Captured.torrefy(
                        "tokenizer",
                        "decode",
                        "-t",
                        tokens.resolve("tokenizer.json"),
                        tokens.resolve("train-00000.bin"))
                .out();
    }

    private Captured buildFromStdin(String text, String input) {
        InputStream in = System.in;
        try {
            System.setIn(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
            return build("--input", input, "--filters", "none");
        } finally {
            System.setIn(in);
        }
    }

    @Test
    void textComesThroughStdinToo() {
        Captured built = buildFromStdin(prose(1) + "\n" + prose(2), "-").succeeded();
        assertTrue(built.out().contains("train: "), built.out());
        assertTrue(buildFromStdin("", "-").succeeded().out().contains("1-read: was done before"));
        buildFromStdin(prose(3), "-").assertRefused(1, "1-read: was made from another text than stdin holds");
    }

    @Test
    void theNameOfStdinTellsWhatIsInIt() {
        String lines = "{\"text\": \"" + prose(1).replace("\n", " ") + "\"}\n{\"text\": \""
                + prose(2).replace("\n", " ") + "\"}\n";
        Captured built = buildFromStdin(lines, "pages.jsonl=-").succeeded();
        assertTrue(built.lines().stream().anyMatch(line -> line.matches("different +2 .*")), built.out());
    }

    @Test
    void mistakesInBuildingAreToldInOneLine() throws IOException {
        Captured.torrefy("corpus").assertRefused(2, "corpus what?");
        build().assertRefused(2, "--input");
        build("--input", input, "--colour", "red").assertRefused(2, "--colour");
        build("--input", input, "--bands", "many").assertRefused(2, "--bands");
        build("--input", folder.resolve("missing")).assertRefused(1, "no such file or folder");
        build("--input", input, "--filters", "fineweb,gofer").assertRefused(1, "no filter 'gofer'; there are");
        build("--input", input, "--weight", "other=2").assertRefused(1, "--weight other");
        build("--input", input, "--input", input).assertRefused(1, "two inputs are called input");
        build("--input", input, "--similarity", 3).assertRefused(1, "similarity must be");
        build("--input", input, "--validation", 1).assertRefused(1, "validation fraction");
        build("--input", folder).assertRefused(1, "lies inside the input");
        assertFalse(Files.exists(out));
        Path bad = Files.createDirectories(folder.resolve("bad"));
        Files.move(input.resolve("bad.txt"), bad.resolve("bad.txt"));
        build("--input", bad).assertRefused(1, "of 1 documents read 1 gopher-quality");
    }

    @Test
    void mistakesInLookingAreToldInOneLine() {
        Captured.torrefy("corpus", "inspect").assertRefused(1, "inspect what?");
        Captured.torrefy("corpus", "inspect", input).assertRefused(1, "no finished corpus here");
        Path shard = out.resolve("tokens/train-00000.bin");
        Captured.torrefy("corpus", "trace", "--shard", shard, "--token", 0).assertRefused(1, "train-00000.bin");
        build("--input", input);
        Captured.torrefy("corpus", "inspect", out, "--samples", "fineweb")
                .assertRefused(1, "there are kept, rejected: ");
        Captured.torrefy("corpus", "trace", "--shard", shard, "--token", 1 << 30)
                .assertRefused(1, "--token must be in [0, ");
    }
}
