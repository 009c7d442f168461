package torrefy.model.generation;

/// Draws the next token from the model's scores.
///
/// Tokens are ranked by score, of equal scores the lower id first. Token i of rank order has the weight `exp((score −
/// best score)/temperature)`. Top-k keeps the first k of them; of those, top-p keeps the fewest that together hold at
/// least the share p of their weight. One of the kept ones is drawn, each as likely as its weight.
///
/// @param temperature divides the scores: below 1 the likely become likelier, 0 always takes the likeliest
/// @param topK only the k likeliest tokens may be drawn; 0 for all
/// @param topP only the likeliest tokens that together hold this probability may be drawn; 1 for all. Holtzman et al.,
///     "The curious case of neural text degeneration", arXiv 1904.09751
public record Sampler(double temperature, int topK, double topP) {

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
    }

    /// Always the likeliest token.
    public static Sampler greedy() {
        return new Sampler(0, 0, 1);
    }

    /// Draws a token.
    ///
    /// @param logits one score per token; one of −∞ is never drawn
    /// @param uniform a random number in [0, 1)
    /// @throws IllegalArgumentException if a score is NaN or +∞, or all are −∞
    public int draw(float[] logits, double uniform) {
        int likeliest = likeliest(logits);
        if (temperature == 0) {
            return likeliest;
        }
        float best = logits[likeliest];
        Ranking ranking = new Ranking(logits);
        int candidates = topK == 0 ? logits.length : Math.min(topK, logits.length);
        double mass = 0;
        for (int i = 0; i < candidates; i++) {
            int token = candidates == logits.length ? i : ranking.token(i);
            mass += weight(logits[token], best);
        }
        if (topP < 1) {
            double wanted = topP * mass;
            mass = 0;
            for (candidates = 0; mass < wanted; candidates++) {
                mass += weight(logits[ranking.token(candidates)], best);
            }
        }
        double mark = uniform * mass;
        int drawn = likeliest;
        for (int i = 0; i < candidates && mark >= 0; i++) {
            int token = ranking.token(i);
            double weight = weight(logits[token], best);
            mark -= weight;
            // Rounding may leave a mark beyond the last weight that is not 0.
            drawn = weight > 0 ? token : drawn;
        }
        return drawn;
    }

    private double weight(float logit, float best) {
        return Math.exp(((double) logit - best) / temperature);
    }

    private static int likeliest(float[] logits) {
        int best = -1;
        for (int token = 0; token < logits.length; token++) {
            if (!(logits[token] < Float.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("the score of token " + token + " is " + logits[token]
                        + ": the model's weights are damaged, or its training diverged");
            }
            if (best < 0 || logits[token] > logits[best]) {
                best = token;
            }
        }
        if (best < 0 || logits[best] == Float.NEGATIVE_INFINITY) {
            throw new IllegalArgumentException("none of " + logits.length + " tokens has a finite score");
        }
        return best;
    }
}
