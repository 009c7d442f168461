package torrefy.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.core.JsonParser;
import torrefy.core.backend.Backends;
import torrefy.model.architecture.Transformer;
import torrefy.tensor.Tensor;

/// A project of someone else's: one class that uses the library from a plain class path, compiled without any flag and
/// run in a JVM of its own. The program is the one that the README shows.
class EmbeddingTest {

    private static final String PROGRAM = "embedding/Embed.java";
    private static final String FLAG = "--add-modules jdk.incubator.vector";
    private static final Pattern LOSS = Pattern.compile("step (\\d+): loss (\\S+)");

    @TempDir
    Path project;

    private String classPath;

    @BeforeEach
    void compileTheProgram() throws IOException {
        // What Maven would put on that project's class path: core, tensor, model, their one dependency, and kernels,
        // which is found and not named.
        classPath = Stream.of(
                        Backends.class,
                        Tensor.class,
                        Transformer.class,
                        JsonParser.class,
                        Backends.providers().getFirst().getClass())
                .map(EmbeddingTest::placeOf)
                .collect(Collectors.joining(File.pathSeparator));
        Path source = Files.writeString(project.resolve("Embed.java"), program());
        int result = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-cp", classPath, "-d", project.toString(), source.toString());
        assertEquals(0, result, "javac");
        classPath = project + File.pathSeparator + classPath;
    }

    @Test
    void aProgramOnThePlainClassPathTrainsAndIsToldOnceWhatMakesItFaster() throws Exception {
        Run run = run();
        assertLearned(run);
        assertEquals(1, run.errors().size(), () -> "one warning, and nothing else: " + run.errors());
        assertTrue(run.errors().getFirst().contains(FLAG), run.errors().getFirst());
    }

    @Test
    void withTheFlagNothingIsLeftToWarnAbout() throws Exception {
        Run run = run(FLAG.split(" "));
        assertLearned(run);
        // The JVM itself says that the module is incubating.
        List<String> ours = run.errors().stream()
                .filter(line -> !line.equals("WARNING: Using incubator modules: jdk.incubator.vector"))
                .toList();
        assertEquals(List.of(), ours);
    }

    @Test
    void theReadmeShowsThisProgram() throws IOException {
        String readme = Files.readString(Path.of("..", "README.md"));
        assertTrue(
                readme.contains("```java\n" + program() + "```"),
                "README.md must contain " + PROGRAM + " word for word, in a block ```java");
    }

    /// The sentence repeats every 45 characters: whoever learned it goes on with it. An untrained model's loss is
    /// `ln 128 = 4.85`.
    private static void assertLearned(Run run) {
        List<Double> losses = run.output().stream()
                .flatMap(line -> LOSS.matcher(line).results())
                .map((MatchResult match) -> Double.parseDouble(match.group(2)))
                .toList();
        assertEquals(6, losses.size(), () -> "six losses: " + run);
        assertTrue(losses.getFirst() < 4.85, () -> "better than chance after 20 steps: " + losses);
        assertTrue(losses.getLast() < losses.getFirst() / 4, () -> "the loss falls: " + losses);
        assertEquals(
                "the quick brown fox jumps over the lazy dog.", run.output().getLast());
    }

    private record Run(List<String> output, List<String> errors) {}

    private Run run(String... flags) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(flags));
        command.addAll(List.of("-cp", classPath, "Embed"));
        ProcessBuilder builder = new ProcessBuilder(command);
        // These would add flags behind the test's back.
        builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"));
        Path output = project.resolve("output.txt");
        Path errors = project.resolve("errors.txt");
        Process process = builder.redirectOutput(output.toFile())
                .redirectError(errors.toFile())
                .start();
        try {
            assertTrue(process.waitFor(3, TimeUnit.MINUTES), "the program does not end");
        } finally {
            process.destroyForcibly();
        }
        Run run = new Run(Files.readAllLines(output), Files.readAllLines(errors));
        assertEquals(0, process.exitValue(), run::toString);
        return run;
    }

    private static String program() throws IOException {
        try (InputStream in = EmbeddingTest.class.getClassLoader().getResourceAsStream(PROGRAM)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String placeOf(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (java.net.URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
