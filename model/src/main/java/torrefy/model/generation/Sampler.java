package torrefy.model.generation;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/// Draws the next token from the model's scores.
///
/// @param temperature divides the scores: below 1 the likely become likelier, 0 always takes the likeliest
/// @param topK only the k likeliest tokens may be drawn; 0 for all
/// @param topP only the likeliest tokens that together hold this probability may be drawn; 1 for all. Holtzman et al., "The
///     curious case of neural text degeneration", arXiv 1904.09751
public record Sampler(double temperature, int topK, double topP) {

    public Sampler {
        if (!(temperature >= 0)) {
            throw new IllegalArgumentException("temperature must be at least 0, got " + temperature);
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
    /// @param logits one score per token
    /// @param uniform a random number in [0, 1)
    public int draw(float[] logits, double uniform) {
        if (temperature == 0) {
            return likeliest(logits);
        }
        Integer[] order = IntStream.range(0, logits.length).boxed().toArray(Integer[]::new);
        Arrays.sort(order, Comparator.comparingDouble((Integer token) -> -logits[token]).thenComparing(token -> token));
        int candidates = topK == 0 ? order.length : Math.min(topK, order.length);
        double[] weights = new double[candidates];
        double total = 0;
        for (int i = 0; i < candidates; i++) {
            weights[i] = Math.exp((logits[order[i]] - (double) logits[order[0]]) / temperature);
            total += weights[i];
        }
        double kept = 0;
        int nucleus = 0;
        while (nucleus < candidates && (nucleus == 0 || kept < topP * total)) {
            kept += weights[nucleus++];
        }
        double mark = uniform * kept;
        for (int i = 0; i < nucleus; i++) {
            mark -= weights[i];
            if (mark < 0) {
                return order[i];
            }
        }
        return order[nucleus - 1];
    }

    private static int likeliest(float[] logits) {
        int best = 0;
        for (int token = 1; token < logits.length; token++) {
            if (logits[token] > logits[best]) {
                best = token;
            }
        }
        return best;
    }
}
