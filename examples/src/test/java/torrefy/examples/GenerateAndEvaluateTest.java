package torrefy.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Both commands with a run that a small quickstart has made.
class GenerateAndEvaluateTest {

    @TempDir
    static Path folder;

    private static Path run;

    @BeforeAll
    static void train() throws IOException {
        run = folder.resolve("run");
        SmallRun.quickstart("--out=" + run).succeeded();
    }

    private static Captured generate(String options) {
        return Captured.line("generate --run=" + run + " --tokens=20 " + options);
    }

    @Test
    void severalPromptsGiveTheTextsThatEachGivesAlone() {
        Captured both = generate("--temperature=0 --prompt=The --prompt=River_bank");
        assertEquals(0, both.code(), both.err());
        String alone = generate("--temperature=0 --prompt=The").out()
                + System.lineSeparator()
                + generate("--temperature=0 --prompt=River_bank").out();
        assertEquals(alone, both.out());
        assertTrue(both.complaint().matches("read \\d+ tokens in .* tokens/s; wrote \\d+ in .* tokens/s"), both.err());
    }

    @Test
    void aPromptGivenTwiceIsContinuedInTwoWays() {
        String first = generate("--prompt=The").out();
        String twice = generate("--prompt=The --prompt=The").out();
        assertTrue(twice.startsWith(first), twice);
        String second = twice.substring(first.length() + System.lineSeparator().length());
        assertTrue(second.startsWith("The"), twice);
        assertFalse(second.equals(first), twice);
    }

    @Test
    void everyWayOfDrawingIsRepeatable() {
        for (String options : new String[] {
            "--temperature=0", "--top-k=5", "--top-p=0.5", "--min-p=0.2", "--repetition-penalty=1.3", "--seed=9"
        }) {
            Captured first = generate("--prompt=The " + options);
            assertEquals(0, first.code(), first.err());
            assertEquals(
                    first.out(), generate("--prompt=The --threads=1 " + options).out(), options);
        }
        assertFalse(generate("--prompt=The")
                .out()
                .equals(generate("--prompt=The --seed=9").out()));
    }

    @Test
    void aStopStringEndsTheTextBeforeIt() {
        String whole = generate("--prompt=The").out().stripTrailing();
        String stop = whole.substring(whole.length() / 2, whole.length() / 2 + 1);
        Captured stopped = Captured.torrefy(
                "generate", "--run", run, "--tokens=20", "--prompt=The", "--stop", stop, "--stop=never to be seen");
        assertEquals(0, stopped.code(), stopped.err());
        String text = stopped.out()
                .substring(0, stopped.out().length() - System.lineSeparator().length());
        assertEquals(whole.substring(0, whole.indexOf(stop, 3)), text);
    }

    @ParameterizedTest
    @CsvSource({
        "--min-p=2, min-p",
        "--top-p=0, top-p",
        "--top-k=-1, top-k",
        "--repetition-penalty=0, repetition penalty",
        "--stop=, --stop"
    })
    void valuesThatMakeNoSenseAreNamed(String option, String name) {
        Captured result = generate("--prompt=x " + option);
        result.assertRefused(1, name);
    }

    @Test
    void aShorterStrideKnowsMore() {
        Captured apart = Captured.line("evaluate --run=" + run + " --corpus=" + SmallCorpus.SHARED);
        Captured whole = Captured.line("evaluate --run=" + run + " --corpus=" + SmallCorpus.SHARED + " --stride=16");
        Captured half = Captured.line("evaluate --run=" + run + " --corpus=" + SmallCorpus.SHARED + " --stride=8");
        assertEquals(0, half.code(), half.err());
        assertEquals(apart.out(), whole.out());
        assertFalse(apart.out().equals(half.out()));
        assertTrue(half.out().contains("bits a byte"), half.out());
        for (String stride : new String[] {"0", "17"}) {
            Captured refused =
                    Captured.line("evaluate --run=" + run + " --corpus=" + SmallCorpus.SHARED + " --stride=" + stride);
            assertEquals(1, refused.code());
            assertTrue(refused.complaint().contains("stride")
                    && refused.complaint().contains("got " + stride));
        }
    }

    /// Every weight is NaN; the header of the file, whose length its first 8 bytes tell, stays.
    @Test
    void aModelWhoseLossIsNoNumberIsRefused() throws IOException {
        Path damaged = Files.createDirectories(folder.resolve("damaged"));
        for (String name : List.of("config.json", "tokenizer.json")) {
            Files.copy(run.resolve(name), damaged.resolve(name));
        }
        ByteBuffer weights = ByteBuffer.wrap(Files.readAllBytes(run.resolve("model.safetensors")))
                .order(ByteOrder.LITTLE_ENDIAN);
        weights.position(8 + (int) weights.getLong(0));
        while (weights.hasRemaining()) {
            weights.putFloat(Float.NaN);
        }
        Files.write(damaged.resolve("model.safetensors"), weights.array());
        Captured.line("evaluate --run=" + damaged + " --corpus=" + SmallCorpus.SHARED)
                .assertRefused(1, "the loss is NaN: the model's weights are damaged");
    }

    @Test
    void choicesAreCounted() throws IOException {
        Path file = folder.resolve("choices.jsonl");
        Files.writeString(file, """
                {"ctx": "The boat", "endings": ["is on the river.", "zqx qzx"], "label": 0}
                {"ctx_a": "A dog", "ctx_b": "runs", "endings": ["home.", "blue."], "label": "1"}
                """);
        Captured result = Captured.line("evaluate --run=" + run + " --choices=" + file);
        assertEquals(0, result.code(), result.err());
        assertTrue(result.out().matches("(?s)2 questions: the right ending is the likeliest in .* by byte in .*"));

        Files.writeString(file, "{}\n");
        Captured refused = Captured.line("evaluate --run=" + run + " --choices=" + file);
        refused.assertRefused(1, "choices.jsonl: line 1 has no context");
        Captured neither = Captured.line("evaluate --run=" + run);
        neither.assertRefused(2, "--choices");
    }
}
