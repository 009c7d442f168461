package torrefy.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import torrefy.core.backend.Backend;
import torrefy.core.random.RandomKey;
import torrefy.tensor.Segments.Segment;

class SegmentsTest {

    @Test
    void sequencesAreCutBeforeEveryFirstToken() {
        int[] ids = {5, 0, 6, 7, /* */ 0, 0, 8, 0};
        assertEquals(
                List.of(
                        new Segment(0, 0, 1),
                        new Segment(0, 1, 4),
                        new Segment(1, 0, 1),
                        new Segment(1, 1, 3),
                        new Segment(1, 3, 4)),
                Segments.before(0, ids, 2, 4).all());
    }

    @Test
    void segmentsThatLeaveGapsAreRefused() {
        refused("position 0 of sequence 0 was expected", new Segment(0, 1, 4), new Segment(1, 0, 4));
        refused("position 2 of sequence 0 was expected", new Segment(0, 0, 2), new Segment(1, 0, 4));
        refused("position 2 of sequence 0 was expected", new Segment(0, 0, 2), new Segment(0, 2, 2));
        refused("they end at position 0 of sequence 1", new Segment(0, 0, 4));
        refused("they end at position 5 of sequence 0", new Segment(0, 0, 5));
    }

    private static void refused(String reason, Segment... segments) {
        String message = assertThrows(IllegalArgumentException.class, () -> new Segments(List.of(segments), 2, 4))
                .getMessage();
        assertTrue(message.contains(reason), message);
    }

    /// Heads of more positions than a block of any backend's kernels, cut at odd places.
    @Test
    void attentionWithinSegmentsIsThatOfEachAlone() {
        Columns.all().forEach(SegmentsTest::compareWithEachAlone);
    }

    private static void compareWithEachAlone(Backend backend) {
        int length = 301;
        int[] cuts = {0, 1, 18, 275, 301};
        int[] ids = new int[2 * length];
        Arrays.fill(ids, 1);
        for (int cut : cuts) {
            ids[Math.min(cut, length - 1)] = cut < length ? 0 : 1;
        }
        Segments segments = Segments.before(0, ids, 2, length);
        Tensor all = Tensor.normal(backend, RandomKey.of(1), 2, length, 24).withGradient();
        Tensor weights = Tensor.normal(backend, RandomKey.of(2), 2, length, 8);
        all.selfAttention(2, segments).multiply(weights).sum().backward();
        Tensor together = all.selfAttention(2, segments);
        for (Segment segment : segments.all()) {
            Tensor own = part(all, segment).detachedCopy().withGradient();
            Tensor alone = own.selfAttention(2);
            alone.multiply(part(weights, segment)).sum().backward();
            assertArrayEquals(
                    alone.toFloats(), part(together, segment).toFloats(), 1e-6f, backend.name() + ": " + segment);
            assertArrayEquals(
                    own.gradient().toFloats(),
                    part(all.gradient(), segment).toFloats(),
                    1e-5f,
                    backend.name() + ": " + segment);
        }
    }

    private static Tensor part(Tensor all, Segment segment) {
        return all.slice(0, segment.sequence(), segment.sequence() + 1).slice(1, segment.from(), segment.to());
    }

    @Test
    void segmentsOfOtherSequencesAreRefused() {
        Tensor packed = Tensor.normal(Columns.scalar(), RandomKey.of(1), 2, 3, 12);
        Segments other = Segments.before(0, new int[8], 2, 4);
        String message = assertThrows(IllegalArgumentException.class, () -> packed.selfAttention(2, other))
                .getMessage();
        assertEquals(
                "attention: segments of 2 sequences of 4 positions do not fit 2 sequences of 3 queries and 3 keys",
                message);
    }
}
