package torrefy.model.generation;

import java.util.BitSet;

/// Draws the next token from the model's scores.
///
/// It goes through these steps, in the order of Hugging Face's transformers; each works on what the one before left.
///
/// 1. The repetition penalty r: of a token that is in the text already, a score above 0 is divided by r, one below is
///    multiplied by it.
/// 2. The temperature: token i has the weight `exp((score − best score)/temperature)`. At temperature 0 the token with
///    the best score is taken, and nothing else matters.
/// 3. Top-k: of the tokens, ranked by score and of equal scores the lower id first, the first k stay.
/// 4. Top-p: of these, the fewest stay that together hold at least the share p of their weight.
/// 5. Min-p: of these, those stay whose weight is at least the share `minP` of the best one's.
/// 6. One of those left is drawn, each as likely as its weight.
///
/// @param temperature divides the scores: below 1 the likely become likelier, 0 always takes the likeliest
/// @param topK only the k likeliest tokens may be drawn; 0 for all
/// @param topP only the likeliest tokens that together hold this probability may be drawn; 1 for all. Holtzman et al.,
///     "The curious case of neural text degeneration", arXiv 1904.09751
/// @param minP only tokens at least this share as likely as the likeliest may be drawn; 0 for all. Nguyen et al.,
///     "Turning up the heat: min-p sampling", arXiv 2407.01082
/// @param repetitionPenalty above 1, tokens that are in the text already become less likely; 1 for none. Keskar et
///     al., "CTRL", arXiv 1909.05858, section 4.1
public record Sampler(double temperature, int topK, double topP, double minP, double repetitionPenalty) {

    private static final BitSet NOTHING = new BitSet();

    public Sampler {
        if (!(temperature >= 0 && temperature < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("temperature must be at least 0 and finite, got " + temperature);
        }
        if (topK < 0) {
            throw new IllegalArgumentException("top-k must be at least 0, got " + topK);
        }
        if (!(topP > 0 && topP <= 1)) {
            throw new IllegalArgumentException("top-p must be above 0 and at most 1, got " + topP);
        }
        if (!(minP >= 0 && minP <= 1)) {
            throw new IllegalArgumentException("min-p must be at least 0 and at most 1, got " + minP);
        }
        if (!(repetitionPenalty > 0 && repetitionPenalty < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "repetition penalty must be above 0 and finite, got " + repetitionPenalty);
        }
    }

    /// Without min-p and repetition penalty.
    public Sampler(double temperature, int topK, double topP) {
        this(temperature, topK, topP, 0, 1);
    }

    /// Always the likeliest token.
    public static Sampler greedy() {
        return new Sampler(0, 0, 1);
    }

    public Sampler withMinP(double share) {
        return new Sampler(temperature, topK, topP, share, repetitionPenalty);
    }

    public Sampler withRepetitionPenalty(double penalty) {
        return new Sampler(temperature, topK, topP, minP, penalty);
    }

    /// Draws the first token of a text, of which none can be a repetition.
    public int draw(float[] logits, double uniform) {
        return draw(logits, NOTHING, uniform);
    }

    /// Draws a token.
    ///
    /// @param logits one score per token; one of −∞ is never drawn
    /// @param seen the tokens that are in the text already
    /// @param uniform a random number in [0, 1)
    /// @throws IllegalArgumentException if a score is NaN or +∞, or all are −∞
    public int draw(float[] logits, BitSet seen, double uniform) {
        requireScores(logits);
        float[] scores = penalized(logits, seen);
        int likeliest = likeliest(scores);
        return temperature == 0 ? likeliest : draw(scores, likeliest, uniform);
    }

    private int draw(float[] scores, int likeliest, double uniform) {
        float best = scores[likeliest];
        Ranking ranking = new Ranking(scores);
        int candidates = topK == 0 ? scores.length : Math.min(topK, scores.length);
        double mass = 0;
        for (int i = 0; i < candidates; i++) {
            int token = candidates == scores.length ? i : ranking.token(i);
            mass += weight(scores[token], best);
        }
        if (topP < 1) {
            double wanted = topP * mass;
            mass = 0;
            for (candidates = 0; mass < wanted; candidates++) {
                mass += weight(scores[ranking.token(candidates)], best);
            }
        }
        if (minP > 0) {
            int most = candidates;
            mass = 0;
            for (candidates = 0; candidates < most; candidates++) {
                double weight = weight(scores[ranking.token(candidates)], best);
                if (weight < minP) {
                    break;
                }
                mass += weight;
            }
        }
        double mark = uniform * mass;
        int drawn = likeliest;
        for (int i = 0; i < candidates && mark >= 0; i++) {
            int token = ranking.token(i);
            double weight = weight(scores[token], best);
            mark -= weight;
            // Rounding may leave a mark beyond the last weight that is not 0.
            drawn = weight > 0 ? token : drawn;
        }
        return drawn;
    }

    private float[] penalized(float[] logits, BitSet seen) {
        if (repetitionPenalty == 1 || seen.isEmpty()) {
            return logits;
        }
        float[] scores = logits.clone();
        seen.stream()
                .filter(token -> token < scores.length)
                .forEach(token ->
                        scores[token] *= (float) (scores[token] < 0 ? repetitionPenalty : 1 / repetitionPenalty));
        return scores;
    }

    private double weight(float logit, float best) {
        return Math.exp(((double) logit - best) / temperature);
    }

    private static void requireScores(float[] logits) {
        boolean any = false;
        for (int token = 0; token < logits.length; token++) {
            if (!(logits[token] < Float.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("the score of token " + token + " is " + logits[token]
                        + ": the model's weights are damaged, or its training diverged");
            }
            any |= logits[token] > Float.NEGATIVE_INFINITY;
        }
        if (!any) {
            throw new IllegalArgumentException("none of " + logits.length + " tokens has a finite score");
        }
    }

    private static int likeliest(float[] scores) {
        int best = 0;
        for (int token = 1; token < scores.length; token++) {
            if (scores[token] > scores[best]) {
                best = token;
            }
        }
        return best;
    }
}
