package torrefy.model.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class RunsTest {

    private final Runs runs = new Runs();

    private void add(boolean isQuiet, double... many) {
        for (double run : many) {
            runs.add(run, isQuiet);
        }
    }

    @Test
    void ofFewTheShortestCounts() {
        add(false, 5, 3, 9);
        assertEquals(3, runs.counted());
        assertEquals(3, runs.size());
        assertEquals(9, runs.last());
    }

    @Test
    void ofManyTheLowerQuartileOfTheLaterHalfCounts() {
        add(false, 1, 1, 1, 1, 1, 14, 15, 13, 11, 12);
        assertEquals(12, runs.counted());
        assertEquals(13, runs.typical());
    }

    @Test
    void ofThoseInWhichTheCompilerWasQuietAllCountWhereverTheyStand() {
        add(true, 24, 22, 23, 21);
        add(false, 90, 91, 92, 93, 94, 1, 1, 1);
        add(true, 28, 27, 26, 25, 29);
        assertEquals(23, runs.counted());
        assertEquals(25, runs.typical());
    }
}
