package torrefy.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

class SuitesTest {

    /// No test class by its name, so that nothing but [Suites] runs it.
    static class Subject {

        @Test
        void passes() {}
    }

    static class Broken {

        @Test
        void fails() {
            Assertions.fail("on purpose");
        }
    }

    private String printed;

    private boolean run(String names) {
        PrintStream out = System.out;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            System.setOut(new PrintStream(bytes, true, Charset.defaultCharset()));
            return Suites.run(names);
        } finally {
            System.setOut(out);
            printed = bytes.toString(Charset.defaultCharset());
        }
    }

    @Test
    void passedTestsAreCounted() {
        assertTrue(run(".*SuitesTest\\$Subject"), printed);
        assertEquals("1 tests passed, 0 failed, 0 were skipped", printed.strip().replaceAll(", in \\d+ s$", ""));
    }

    @Test
    void aFailureIsShownAndIsTheOutcome() {
        assertFalse(run(".*SuitesTest\\$(Subject|Broken)"), printed);
        assertTrue(printed.contains("on purpose"), printed);
        assertTrue(printed.contains("1 tests passed, 1 failed"), printed);
    }

    @Test
    void noTestsAtAllAreAFailure() {
        assertFalse(run("nobody\\.has\\.this\\.name"), printed);
        assertTrue(printed.contains("0 tests passed"), printed);
    }
}
