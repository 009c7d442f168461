package torrefy.tokenizer.corpus.build;

/// Lengths by powers of two: bucket k holds those from 2^k to 2^(k+1) − 1.
final class Histogram {

    private Histogram() {}

    static int bucket(long length) {
        return 63 - Long.numberOfLeadingZeros(Math.max(1, length));
    }

    /// What a bucket begins with, for people: `512`, `4 K`, `2 M`.
    static String label(int bucket) {
        return bucket < 10
                ? "" + (1L << bucket)
                : bucket < 20 ? (1L << bucket - 10) + " K" : (1L << bucket - 20) + " M";
    }
}
