package torrefy.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanTest {

    private static final String SMALL = "--vocab=300 --layers=1 --width=32 --heads=2 --context=16 --batch=4";

    @TempDir
    Path folder;

    private Captured plan(String options) {
        return Captured.torrefy((Object[]) ("plan --calibration=0.1 --out=" + folder + " " + SMALL + " " + options)
                .strip()
                .split(" "));
    }

    @Test
    void everythingThatARunTakesIsSaid() {
        Captured plan = plan("--tokens=6400 --watts=50 --price=3600");
        assertEquals(0, plan.code(), plan.err());
        // 300·32 + 16·32 + 12·32² + 13·32 + 2·32
        assertTrue(plan.out().contains("22,880: embedding 10,112, attention 4,224"), plan.out());
        for (String part : List.of(
                "FLOPs",
                "memory",
                "checkpoint",
                "tokens/s",
                "100 steps of 64",
                "kWh at 50 W",
                "at 3600.00 an hour",
                "matrix products",
                "AdamW")) {
            assertTrue(plan.out().contains(part), part + " in " + plan.out());
        }
    }

    @Test
    void knobsThatContradictEachOtherAreNamed() {
        assertFails("--accumulate 3", plan("--accumulate=3"));
        assertFails("heads", Captured.torrefy("plan", "--width=32", "--heads=3"));
        assertFails("watts", plan("--watts=-1"));
        assertFails("at least 1 token", plan("--tokens=0"));
        assertFails("--calibration", plan("--calibration=-1"));
    }

    private static void assertFails(String named, Captured result) {
        assertEquals(1, result.code(), result.out() + result.err());
        assertTrue(result.complaint().contains(named), named + " in " + result.err());
    }
}
