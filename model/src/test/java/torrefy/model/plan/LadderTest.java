package torrefy.model.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import torrefy.core.backend.Backend;
import torrefy.core.backend.Backends;
import torrefy.model.training.TokenSource;

class LadderTest {

    private static final int STEP_TOKENS = 32 * 8;

    @Test
    void withoutTimeSixRunsAreOneStepLongAndThreeByTurns() {
        TokenSource text =
                TokenSource.of(IntStream.range(0, 4096).map(i -> i * i % 65).toArray());
        List<FittedLaw.Point> heard = new ArrayList<>();
        try (Backend backend = Backends.create("auto", 1)) {
            Ladder ladder = new Ladder(backend, text, text, new ModelSizes(65, 8));
            List<FittedLaw.Point> points = ladder.climb(Duration.ofNanos(12), heard::add);
            assertEquals(heard, points);
        }
        assertEquals(6, heard.size());
        for (int i = 0; i < heard.size(); i++) {
            FittedLaw.Point point = heard.get(i);
            assertEquals(STEP_TOKENS * (i % 2 == 0 ? 1 : 3), point.tokens());
            assertEquals(heard.get(i / 2 * 2).parameters(), point.parameters(), "two runs of each size");
            assertTrue(point.loss() > 3 && point.loss() < 6, point.toString());
        }
        assertTrue(heard.get(1).parameters() < heard.get(2).parameters()
                && heard.get(3).parameters() < heard.get(4).parameters());
    }
}
