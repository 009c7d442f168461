package torrefy.model.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import torrefy.model.plan.FittedLaw.Point;

class ScalingLawTest {

    /// Chinchilla itself, 70 billion parameters on 1.4 trillion tokens: `1.69 + 0.083 + 0.163`.
    @Test
    void publishedConstantsGiveThePublishedLoss() {
        assertEquals(1.937, ScalingLaw.HOFFMANN.loss(70e9, 1.4e12), 0.001);
        assertEquals(1.973, ScalingLaw.BESIROGLU.loss(70e9, 1.4e12), 0.001);
    }

    /// What the refit was about: with its constants, 70 billion parameters want about 20 tokens each, as Chinchilla
    /// had.
    @Test
    void theRefitWantsTwentyTokensAParameter() {
        assertEquals(20, ScalingLaw.BESIROGLU.bestTokens(70e9) / 70e9, 4);
    }

    /// At equal compute `6·N·D`, a little more or less of either is worse.
    @Test
    void bestTokensAreBest() {
        ScalingLaw law = ScalingLaw.BESIROGLU;
        double n = 1e9;
        double d = law.bestTokens(n);
        for (double factor : new double[] {0.8, 0.95, 1.05, 1.25}) {
            assertTrue(law.loss(n * factor, d / factor) > law.loss(n, d), "times " + factor);
        }
    }

    @Test
    void thePublishedRangeHoldsBothFitsAndWidensOutside() {
        PublishedLaws laws = new PublishedLaws();
        LossModel.Prediction inside = laws.predict(1e9, 20e9);
        LossModel.Prediction outside = laws.predict(5e6, 1e8);
        assertTrue(inside.low() < ScalingLaw.HOFFMANN.loss(1e9, 20e9) && inside.nats() < inside.high());
        assertTrue(outside.high() - outside.low() > 2 * (inside.high() - inside.low()));
        assertTrue(
                laws.description().contains("2203.15556") && laws.description().contains("2404.10102"));
    }

    private static List<Point> runs(ScalingLaw law, double noise) {
        Random random = new Random(3);
        List<Point> points = new ArrayList<>();
        for (double n : new double[] {4e5, 1.2e6, 3e6}) {
            for (double d : new double[] {5e5, 2e6}) {
                double size = n * (0.9 + 0.2 * random.nextDouble());
                points.add(new Point(size, d, law.loss(size, d) + noise * random.nextGaussian()));
            }
        }
        return points;
    }

    @Test
    void constantsOfALadderAreFoundAgain() {
        ScalingLaw truth = new ScalingLaw(1.1, 200, 900, 0.3478, 0.3658, "");
        FittedLaw fitted = FittedLaw.of(runs(truth, 0), ScalingLaw.BESIROGLU);
        assertEquals(1.1, fitted.law().irreducible(), 1e-6);
        assertEquals(200, fitted.law().a(), 1e-4);
        assertEquals(900, fitted.law().b(), 1e-4);
    }

    @Test
    void theRangeOfALadderHoldsTheTruthAndWidensAwayFromIt() {
        ScalingLaw truth = new ScalingLaw(1.1, 200, 900, 0.3478, 0.3658, "");
        FittedLaw fitted = FittedLaw.of(runs(truth, 0.02), ScalingLaw.BESIROGLU);
        LossModel.Prediction near = fitted.predict(2e6, 1e6);
        LossModel.Prediction far = fitted.predict(1e9, 20e9);
        assertTrue(near.low() < truth.loss(2e6, 1e6) && truth.loss(2e6, 1e6) < near.high(), near.toString());
        assertTrue(far.low() < truth.loss(1e9, 20e9) && truth.loss(1e9, 20e9) < far.high(), far.toString());
        assertTrue(far.high() - far.low() > near.high() - near.low());
    }

    /// More text made it worse: then B is 0, not below.
    @Test
    void noConstantIsNegative() {
        List<Point> odd = List.of(
                new Point(1e5, 1e6, 4), new Point(1e5, 2e6, 4.1), new Point(1e6, 1e6, 3), new Point(1e6, 2e6, 3.1));
        assertEquals(0, FittedLaw.of(odd, ScalingLaw.BESIROGLU).law().b());
    }

    @Test
    void runsThatCannotTellAreRefused() {
        Point point = new Point(1e6, 1e6, 3);
        assertThrows(IllegalArgumentException.class, () -> FittedLaw.of(List.of(point), ScalingLaw.BESIROGLU));
        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> FittedLaw.of(List.of(point, point, point, point), ScalingLaw.BESIROGLU))
                .getMessage();
        assertTrue(message.contains("vary both"), message);
    }
}
