package torrefy.kernels.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrialTest {

    @TempDir
    private Path folder;

    /// A trial that does what it is told to.
    static final class Obedient {

        private Obedient() {}

        public static void main(String[] arguments) throws Exception {
            switch (arguments[0]) {
                case "say" -> System.out.println(arguments[1]);
                case "halt" -> {
                    System.out.println("open");
                    System.out.flush();
                    Runtime.getRuntime().halt(Integer.parseInt(arguments[1]));
                }
                case "signal" -> {
                    String self = String.valueOf(ProcessHandle.current().pid());
                    new ProcessBuilder("kill", "-" + arguments[1], self).start().waitFor();
                    Thread.sleep(60_000);
                }
                case "sleep" -> Thread.sleep(60_000);
                default -> throw new IllegalStateException("told nothing");
            }
        }
    }

    private static Verdict told(String... arguments) {
        return new Trial(Obedient.class, List.of(arguments), Duration.ofSeconds(60)).verdict();
    }

    @Test
    void whatATrialSaysIsTheVerdict() {
        assertEquals(Verdict.FAVOURABLE, told("say", "open"));
        assertEquals(Verdict.closed("the wind blew"), told("say", "closed: the wind blew"));
        Verdict forNow = Verdict.closedForNow("the wind blows");
        assertEquals(forNow, told("say", forNow.line()));
    }

    @Test
    void aTrialThatDiesClosesWhateverItSaidBefore() {
        Verdict verdict = told("halt", "132");
        assertEquals(Optional.of("a process that tried it died, with exit code 132"), verdict.whyClosed());
        assertTrue(verdict.lasts(), "it would die the next time too");
        assertEquals(
                Optional.of("a process that tried it died, with exit code 1"),
                told("nothing").whyClosed());
    }

    @Test
    void aTrialThatCrashesInNativeCodeCloses() {
        Verdict verdict = told("signal", "ILL");
        assertEquals(Optional.of("a process that tried it died, with exit code 134"), verdict.whyClosed());
        assertTrue(verdict.lasts(), "it would crash the next time too");
    }

    @Test
    void aTrialThatWasKilledFromOutsideMayBeRepeated() {
        Verdict verdict = told("signal", "KILL");
        assertTrue(verdict.whyClosed().isPresent(), "closed");
        assertFalse(verdict.lasts(), "the machine was short of memory, perhaps");
    }

    @Test
    void aTrialThatDoesNotEndCloses() {
        Verdict verdict = new Trial(Obedient.class, List.of("sleep"), Duration.ofSeconds(1)).verdict();
        assertEquals(Optional.of("a trial of it did not end within 1 s"), verdict.whyClosed());
        assertFalse(verdict.lasts(), "the machine was busy, perhaps");
    }

    @Test
    void aTrialWithoutAnAnswerCloses() {
        assertEquals(
                Optional.of("a trial of it ended without an answer"),
                told("say", "who knows").whyClosed());
    }

    @Test
    void aVerdictThatLastsIsFoundOnce() throws IOException {
        for (Verdict verdict : List.of(Verdict.FAVOURABLE, Verdict.closed("it is broken"))) {
            Path file = Files.createTempDirectory(folder, "cache").resolve("door");
            assertEquals(verdict, Verdict.remembered(file, () -> verdict));
            assertEquals(verdict, Verdict.remembered(file, () -> {
                throw new AssertionError("tried again");
            }));
        }
    }

    @Test
    void aVerdictForNowIsNotWrittenDown() {
        Path file = folder.resolve("door");
        Verdict.remembered(file, () -> Verdict.closedForNow("too busy"));
        assertFalse(Files.exists(file), "a file was written");
    }

    @Test
    void aSpoiltFileMeansAnotherTrialAndIsReplaced() throws IOException {
        Path file = folder.resolve("door");
        for (byte[] spoilt : new byte[][] {{}, {'o', 'p'}, {(byte) 0xff, (byte) 0xfe, 0}, "closed:\n".getBytes()}) {
            Files.write(file, spoilt);
            AtomicInteger trials = new AtomicInteger();
            Verdict found = Verdict.remembered(file, () -> {
                trials.incrementAndGet();
                return Verdict.FAVOURABLE;
            });
            assertEquals(Verdict.FAVOURABLE, found);
            assertEquals(1, trials.get());
            assertEquals("open", Files.readString(file).strip());
        }
    }

    @Test
    void aFolderThatCannotBeWrittenIsNoFailure() {
        assertEquals(Verdict.FAVOURABLE, Verdict.remembered(folder.resolve("missing/door"), () -> Verdict.FAVOURABLE));
    }
}
