package torrefy.benchmarks.corpus;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import torrefy.tokenizer.corpus.filter.TextView;
import torrefy.tokenizer.corpus.read.TextForm;

/// Two texts of a wanted similarity.
///
/// @param similarity the Jaccard similarity of their shingles
record NearPair(String first, String second, double similarity) {

    /// How far from the wanted similarity a pair may be.
    static final double TOLERANCE = 0.01;

    private static final int FEWEST_WORDS = 200;
    private static final int MOST_WORDS = 4000;

    /// The second text is the first with some words exchanged: with an even seed those from some place on, with an odd
    /// one some here and there. The more, the less alike they are, so their number is found by halving.
    ///
    /// @return none if no number of words makes them that similar, or the text is very short or long
    static Optional<NearPair> of(String text, TextForm form, double similarity, WordExchange exchange, long seed) {
        TextView view = new TextView(text, form);
        if (view.words() < FEWEST_WORDS || view.words() > MOST_WORDS) {
            return Optional.empty();
        }
        Shingles shingles = Shingles.of(view);
        List<WordExchange.Word> order = new ArrayList<>(exchange.words(text));
        if (seed % 2 == 0) {
            Collections.reverse(order);
        } else {
            Collections.shuffle(order, new Random(seed));
        }
        int similarEnough = 0;
        int tooMany = order.size() + 1;
        NearPair best = new NearPair(text, text, 1);
        while (tooMany - similarEnough > 1) {
            int count = similarEnough + tooMany >>> 1;
            List<WordExchange.Word> words = new ArrayList<>(order.subList(0, count));
            words.sort(Comparator.comparingInt(WordExchange.Word::from));
            String other = exchange.exchange(text, words, seed);
            double reached = shingles.similarity(Shingles.of(new TextView(other, form)));
            if (Math.abs(reached - similarity) < Math.abs(best.similarity - similarity)) {
                best = new NearPair(text, other, reached);
            }
            if (reached >= similarity) {
                similarEnough = count;
            } else {
                tooMany = count;
            }
        }
        return Math.abs(best.similarity - similarity) <= TOLERANCE ? Optional.of(best) : Optional.empty();
    }
}
