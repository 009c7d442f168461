package torrefy.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import torrefy.examples.quickstart.KilledRun;

/// Real processes, really killed; `kill-test` does it more often.
class KilledRunTest {

    @TempDir
    Path folder;

    @Test
    void aRunThatIsKilledAgainAndAgainComesToTheSameBits() throws Exception {
        Path corpus = SmallCorpus.write(folder.resolve("corpus"), 40);
        List<String> arguments = List.of(
                "--corpus=" + corpus,
                "--backend=scalar",
                "--steps=100",
                "--checkpoint-every=3",
                "--vocab=300",
                "--layers=1",
                "--width=16",
                "--heads=2",
                "--context=16",
                "--batch=2");
        List<String> told = new ArrayList<>();
        KilledRun.Outcome outcome = new KilledRun(folder, arguments, 7, told::add).run(3);
        assertEquals(3, outcome.kills());
        assertEquals(3, outcome.survived(), told::toString);
        outcome.hashes().forEach(hash -> assertEquals(outcome.expected(), hash));
        assertTrue(told.stream().anyMatch(line -> line.contains("after step")), told::toString);
    }
}
