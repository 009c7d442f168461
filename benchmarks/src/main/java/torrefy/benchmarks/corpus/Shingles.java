package torrefy.benchmarks.corpus;

import java.util.HashSet;
import java.util.Set;
import torrefy.tokenizer.corpus.filter.TextView;

/// All different runs of 5 words of a text; words are the same as the build takes them, case and punctuation at their
/// ends aside. They are kept whole, so that what is computed of them is exact.
record Shingles(Set<Shingle> all) {

    private static final int WORDS = 5;

    /// @param a the hash of 64 bits of the first word, and so on
    record Shingle(long a, long b, long c, long d, long e) {}

    static Shingles of(TextView text) {
        Set<Shingle> all = new HashSet<>();
        for (int i = 0; i + WORDS <= text.words(); i++) {
            all.add(new Shingle(
                    text.wordHash(i),
                    text.wordHash(i + 1),
                    text.wordHash(i + 2),
                    text.wordHash(i + 3),
                    text.wordHash(i + 4)));
        }
        return new Shingles(all);
    }

    /// The Jaccard similarity |A ∩ B| / |A ∪ B|.
    double similarity(Shingles other) {
        long common = all.stream().filter(other.all::contains).count();
        return (double) common / (all.size() + other.all.size() - common);
    }
}
