package torrefy.tokenizer.corpus.build;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerTest {

    /// Whoever gives many evaluation texts still hears of every broken file, also after a kill.
    @Test
    void manyHitsLeaveTheirPlaceToWhatCannotBeRead(@TempDir Path folder) throws IOException {
        Ledger ledger = new Ledger();
        for (int i = 0; i < 1500; i++) {
            ledger.hit(i + ".txt: shares with questions.jsonl:1");
        }
        ledger.note("broken.zip: cannot be read");
        new Manifest("", Map.of(), ledger).write(folder, Manifest.PROGRESS);
        for (Ledger one :
                List.of(ledger, Manifest.read(folder, Manifest.PROGRESS).ledger())) {
            assertEquals(List.of("broken.zip: cannot be read"), one.notes());
            assertEquals(1, one.allNotes());
            assertEquals(1000, one.hits().size());
            assertEquals(1500, one.allHits());
        }
    }
}
