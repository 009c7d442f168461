package torrefy.model.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
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
        return Proposal.of(new Budget(3600 * hours, heap, "--hours " + hours), SIZES, SPEED, LAW);
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
        Budget second = new Budget(1, MUCH, "a second");
        assertThrows(IllegalArgumentException.class, () -> Proposal.of(second, SIZES, SPEED, LAW));
        Proposal smallest = Proposal.orSmallest(second, SIZES, SPEED, LAW);
        assertEquals(64, smallest.plan().setup().config().width());
        Budget noRoom = new Budget(1, 1 << 20, "a second");
        String message = assertThrows(
                        IllegalArgumentException.class, () -> Proposal.orSmallest(noRoom, SIZES, SPEED, LAW))
                .getMessage();
        assertTrue(message.contains("-Xmx"), message);
    }

    @Test
    void whatMemoryDoesNotHoldIsNotProposed() {
        Proposal small = propose(24 * 365, 300L << 20);
        assertTrue(small.plan().memory().bytes() <= 300L << 20);
        Proposal alone =
                Proposal.of(new Budget(Double.POSITIVE_INFINITY, 300L << 20, "--memory 300m"), SIZES, SPEED, LAW);
        assertTrue(alone.plan().memory().bytes() <= 300L << 20);
        assertEquals(
                ScalingLaw.BESIROGLU.bestTokens(alone.plan().setup().config().parameters()), alone.tokens(), 1);
    }

    @Test
    void aBudgetThatIsTooSmallIsToldTheSmallestThatWorks() {
        String message = assertThrows(IllegalArgumentException.class, () -> propose(0.0001, MUCH))
                .getMessage();
        assertTrue(message.startsWith("--hours 1.0E-4 is too little"), message);
        int at = message.indexOf("needs ") + 6;
        double hours = Double.parseDouble(message.substring(at, message.indexOf(' ', at)));
        assertTrue(propose(1.01 * hours, MUCH).tokens() > 0);

        String memory = assertThrows(IllegalArgumentException.class, () -> propose(24, 1 << 20))
                .getMessage();
        assertTrue(memory.contains("-Xmx"), memory);
        assertThrows(IllegalArgumentException.class, () -> propose(0, MUCH));
    }
}
