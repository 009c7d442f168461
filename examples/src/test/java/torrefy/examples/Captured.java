package torrefy.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;

/// What a program printed, and how it ended.
///
/// @param code its exit code
/// @param out what it wrote to stdout
/// @param err what it wrote to stderr
public record Captured(int code, String out, String err) {

    /// Runs the launcher with these arguments.
    public static Captured torrefy(Object... arguments) {
        String[] texts = Arrays.stream(arguments).map(String::valueOf).toArray(String[]::new);
        return of(() -> Torrefy.run(texts));
    }

    /// Runs the launcher with the words of this line.
    public static Captured line(String line) {
        return torrefy((Object[]) line.split(" +"));
    }

    /// Runs `program`, whose result is the exit code.
    public static Captured of(Callable<Integer> program) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
        ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
        try {
            System.setOut(new PrintStream(outBytes, true, StandardCharsets.UTF_8));
            System.setErr(new PrintStream(errBytes, true, StandardCharsets.UTF_8));
            int code = program.call();
            return new Captured(
                    code, outBytes.toString(StandardCharsets.UTF_8), errBytes.toString(StandardCharsets.UTF_8));
        } catch (Exception e) {
            throw new AssertionError("the program threw", e);
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }

    /// The same; throws if the program failed.
    public Captured succeeded() {
        assertEquals(0, code, err);
        return this;
    }

    /// Throws unless the program ended with this code and complained of `named` in one line.
    public void assertRefused(int expected, String named) {
        assertEquals(expected, code, out + err);
        assertTrue(complaint().contains(named), named + " in " + err);
    }

    public List<String> lines() {
        return out.lines().toList();
    }

    /// The only line on stderr.
    public String complaint() {
        List<String> lines = err.lines().toList();
        if (lines.size() != 1) {
            throw new AssertionError("expected one line on stderr, got " + lines);
        }
        return lines.get(0);
    }
}
