package torrefy.tokenizer.corpus.filter;

/// The runs of n words in a stretch of a text, and how much of it they cover when they come again.
final class NGrams {

    private final TextView text;
    private final int from;
    private final int to;
    private final int[] before;
    private final LongCounts counts;

    NGrams(TextView text, int from, int to) {
        this.text = text;
        this.from = from;
        this.to = to;
        this.counts = new LongCounts(to - from);
        before = new int[to - from + 1];
        for (int i = from; i < to; i++) {
            before[i - from + 1] = before[i - from] + text.wordEnd(i) - text.wordStart(i);
        }
    }

    private long characters() {
        return before[to - from];
    }

    private int count(int n) {
        return Math.max(0, to - from - n + 1);
    }

    private long hash(int word, int n) {
        long hash = n;
        for (int i = word; i < word + n; i++) {
            hash = Hashing.append(hash, text.wordHash(i));
        }
        return hash;
    }

    /// The share of characters in the n-gram that covers most of them. One that stands there once covers nothing.
    double shareOfTop(int n) {
        counts.clear();
        long most = 0;
        for (int i = from; i < from + count(n); i++) {
            int times = counts.add(hash(i, n));
            if (times > 1) {
                most = Math.max(most, (long) times * length(i, n));
            }
        }
        return characters() == 0 ? 0 : (double) most / characters();
    }

    /// The share of characters in n-grams that have stood in this stretch before.
    double shareOfRepeated(int n) {
        counts.clear();
        long repeated = 0;
        int covered = from;
        for (int i = from; i < from + count(n); i++) {
            if (counts.add(hash(i, n)) > 1) {
                repeated += length(Math.max(i, covered), i + n - Math.max(i, covered));
                covered = i + n;
            }
        }
        return characters() == 0 ? 0 : (double) repeated / characters();
    }

    private long length(int word, int n) {
        return before[word + n - from] - before[word - from];
    }
}
