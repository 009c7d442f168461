package torrefy.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class TuneTest {

    @Test
    void candidatesTheWinnerAndItsFileAreShown() {
        Captured tuned = Captured.torrefy("tune", "--backend=pretended");
        assertEquals(0, tuned.code(), tuned.err());
        assertEquals(
                List.of(
                        "  2 x 4                                   1.5 GFLOP/s",
                        "  4 x 4                              skipped: it is square",
                        "  4 x 8                                1234.6 GFLOP/s",
                        "Device    abacus",
                        "Standard  2 x 4                                   1.5 GFLOP/s",
                        "Fastest   4 x 8                                1234.6 GFLOP/s",
                        "Kept in   tiles; without this file it is the standard again"),
                tuned.lines());
    }

    @Test
    void whereNothingCanBeKeptTheCommandSaysSo() {
        Captured tuned = Captured.torrefy("tune", "--backend=pretended", "--device=1");
        assertEquals(0, tuned.code(), tuned.err());
        assertEquals(
                "Not kept: the user's cache folder cannot be written; later runs take the standard",
                tuned.lines().getLast());
    }

    @Test
    void aBackendWithNothingToTuneSaysSoInALine() {
        Captured refused = Captured.torrefy("tune", "--backend=vector");
        assertEquals(2, refused.code(), refused.out());
        assertEquals("", refused.out());
        assertEquals(
                "torrefy: the vector backend has nothing to tune; 'torrefy tune --help' lists the options",
                refused.complaint());
    }
}
