package torrefy.model.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import torrefy.core.backend.ArrayMemory;
import torrefy.model.architecture.Storage;
import torrefy.model.architecture.TransformerConfig;
import torrefy.model.plan.SpeedCurve.Anchor;

class ProposalTest {

    private static final ModelSizes SIZES = new ModelSizes(4096, 256);
    private static final LossModel LAW = new PublishedLaws();
    private static final long MUCH = 1L << 45;

    /// A machine that is faster at large sizes: 100 to 300 GFLOP/s.
    private static final SpeedCurve SPEED =
            new SpeedCurve(List.of(new Anchor(1e6, 100e9), new Anchor(1e8, 200e9), new Anchor(1e9, 300e9)), false);

    private static Proposal propose(double hours, long heap) {
        return Proposal.of(new Budget(3600 * hours, ArrayMemory.heap(heap), 2, "--hours " + hours), SIZES, SPEED, LAW);
    }

    @Test
    void ratesBetweenSizesLieBetweenThem() {
        assertEquals(100e9 / 1e5, SPEED.tokensPerSecond(1e5), 1);
        assertEquals(Math.sqrt(2) * 100e9 / 1e7, SPEED.tokensPerSecond(1e7), 1);
        assertEquals(300e9 / 1e10, SPEED.tokensPerSecond(1e10), 1e-6);
    }

    @Test
    void moreTimeIsSpentOnALargerModelAndMoreText() {
        Proposal day = propose(24, MUCH);
        Proposal month = propose(24 * 30, MUCH);
        assertTrue(month.plan().setup().config().parameters()
                > 2 * day.plan().setup().config().parameters());
        assertTrue(month.tokens() > 2 * day.tokens());
        assertTrue(month.loss().nats() < day.loss().nats());
    }

    /// Neither the next smaller nor the next larger size is better.
    @Test
    void noOtherSizeIsBetterByTheLaw() {
        Proposal proposal = propose(100, MUCH);
        for (TransformerConfig config : SIZES.all()) {
            double tokens = 100 * 3600 * SPEED.tokensPerSecond(config.flopsPerToken());
            assertTrue(
                    LAW.predict(config.parameters(), tokens).nats()
                            >= proposal.loss().nats() - 1e-12,
                    config.toString());
        }
    }

    /// Of a size that is recomputed fewer tokens are read in the time, so its loss may be higher than that of the size
    /// before, and of the size behind it, which is stored as bf16.
    @Test
    void noOtherSizeThatFitsIsBetter() {
        int risesBefore = 0;
        for (double hours : new double[] {300, 1000}) {
            Budget budget = new Budget(3600 * hours, ArrayMemory.heap(700L << 20), 0, "--hours " + hours);
            double chosen = Proposal.of(budget, SIZES, SPEED, LAW).loss().nats();
            List<Double> losses = SIZES.all().stream()
                    .map(config -> Proposal.candidate(config, budget, SPEED, LAW))
                    .takeWhile(Optional::isPresent)
                    .map(candidate -> candidate.orElseThrow().loss().nats())
                    .toList();
            assertEquals(Collections.min(losses), chosen);
            for (int i = 1; losses.get(i) != chosen; i++) {
                risesBefore += losses.get(i) > losses.get(i - 1) ? 1 : 0;
            }
        }
        assertTrue(risesBefore > 0, "losses only fall up to the best: this tests little");
    }

    /// Runs on a little text may show no effect of the text, or none of the size.
    @Test
    void aLawThatMissesATermStillProposes() {
        Budget memory = new Budget(Double.POSITIVE_INFINITY, ArrayMemory.heap(300L << 20), 0, "--memory 300m");
        int width =
                Proposal.of(memory, SIZES, SPEED, LAW).plan().setup().config().width();
        for (double[] ab : new double[][] {{0, 900}, {200, 0}}) {
            List<FittedLaw.Point> points = new ArrayList<>();
            for (double n : new double[] {1e5, 3e5, 1e6}) {
                for (double d : new double[] {1e6, 3e6}) {
                    points.add(
                            new FittedLaw.Point(n, d, 2 + ab[0] * Math.pow(n, -0.3478) + ab[1] * Math.pow(d, -0.3658)));
                }
            }
            Proposal proposal = Proposal.of(memory, SIZES, SPEED, FittedLaw.of(points, ScalingLaw.BESIROGLU));
            assertEquals(width, proposal.plan().setup().config().width());
            assertEquals(
                    20, proposal.tokens() / proposal.plan().setup().config().parameters(), 15);
        }
    }

    /// Planned again, as many tokens take no longer than there is time for.
    @Test
    void whatWasMeasuredIsWholeStepsWithinTheBudget() {
        Budget hour = new Budget(3600, ArrayMemory.heap(MUCH), 0, "--hours 1");
        Proposal proposal = Proposal.of(hour, SIZES, SPEED, LAW);
        int step = proposal.plan().setup().tokens();
        assertEquals(7 * step, proposal.measured(7.9 * step / 3600, hour, LAW).tokens());
        assertEquals(step, proposal.measured(0.1 * step / 3600, hour, LAW).tokens());
    }

    /// Muennighoff et al.: four times is nearly as good as new, and the worth ends at 1 + R* times the text.
    @Test
    void whatIsReadAgainIsWorthLess() {
        RepeatedText text = new RepeatedText(LAW, 1e6);
        assertEquals(5e5, text.worth(5e5));
        assertEquals(1e6, text.worth(1e6));
        assertEquals(4e6, text.worth(4e6), 4e5);
        assertEquals(1e6 * (1 + 15.387756), text.worth(1e12), 1);
        assertThrows(IllegalArgumentException.class, () -> new RepeatedText(LAW, 0));
    }

    @Test
    void timeTooShortForAnyModelIsSpentOnTheSmallest() {
        Budget second = new Budget(1, ArrayMemory.heap(MUCH), 0, "a second");
        assertThrows(IllegalArgumentException.class, () -> Proposal.of(second, SIZES, SPEED, LAW));
        Proposal smallest = Proposal.orSmallest(second, SIZES, SPEED, LAW);
        assertEquals(64, smallest.plan().setup().config().width());
        Budget noRoom = new Budget(1, ArrayMemory.heap(1 << 20), 0, "a second");
        String message = assertThrows(
                        IllegalArgumentException.class, () -> Proposal.orSmallest(noRoom, SIZES, SPEED, LAW))
                .getMessage();
        assertTrue(message.contains("-Xmx"), message);
    }

    @Test
    void whatMemoryDoesNotHoldIsNotProposed() {
        Proposal small = propose(24 * 365, 300L << 20);
        assertTrue(small.plan().memory().bytes() <= 300L << 20);
        Proposal alone = Proposal.of(
                new Budget(Double.POSITIVE_INFINITY, ArrayMemory.heap(300L << 20), 0, "--memory 300m"),
                SIZES,
                SPEED,
                LAW);
        assertTrue(alone.plan().memory().bytes() <= 300L << 20);
        assertEquals(
                ScalingLaw.BESIROGLU.bestTokens(alone.plan().setup().config().parameters()), alone.tokens(), 1);
    }

    private static double number(String message, String before) {
        int at = message.indexOf(before) + before.length();
        return Double.parseDouble(message.substring(at).split("[ ,]")[0]);
    }

    @Test
    void aBudgetThatIsTooSmallIsToldTheSmallestThatWorks() {
        String message = assertThrows(IllegalArgumentException.class, () -> propose(0.0001, MUCH))
                .getMessage();
        assertTrue(message.startsWith("--hours 1.0E-4 is too little"), message);
        double hours = number(message, "needs ");
        double steps = propose(hours, MUCH).tokens() / 2048;
        assertTrue(steps >= 500 && steps < 550, steps + " steps; " + message);
        assertEquals(2 * hours, number(message, "which cost "), 0.1 * hours);

        // What has to be recomputed takes longer.
        TransformerConfig smallest = SIZES.smallest();
        long tight =
                new StepSetup(smallest, Storage.F32, 1, 8, 256, true).memory().bytes();
        String recomputed = assertThrows(IllegalArgumentException.class, () -> propose(0.0001, tight))
                .getMessage();
        assertTrue(number(recomputed, "needs ") > 1.2 * hours, recomputed);
        assertTrue(propose(number(recomputed, "needs "), tight).plan().setup().recompute());

        String memory = assertThrows(IllegalArgumentException.class, () -> propose(24, 1 << 20))
                .getMessage();
        assertTrue(memory.contains("-Xmx"), memory);
        assertThrows(IllegalArgumentException.class, () -> propose(0, MUCH));
    }
}
