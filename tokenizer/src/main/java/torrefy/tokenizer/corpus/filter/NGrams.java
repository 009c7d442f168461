package torrefy.tokenizer.corpus.filter;

import java.util.HashMap;
import java.util.Map;

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

    /// The share of characters in the n-gram that stands there most often; of several, the one that covers most. One
    /// that stands there once covers nothing.
    double shareOfTop(int n) {
        counts.clear();
        long[] hashes = new long[count(n)];
        int most = 2;
        for (int i = 0; i < hashes.length; i++) {
            hashes[i] = hash(from + i, n);
            most = Math.max(most, counts.add(hashes[i]));
        }
        Map<Long, Covered> top = new HashMap<>();
        for (int i = 0; i < hashes.length; i++) {
            if (counts.of(hashes[i]) == most) {
                top.computeIfAbsent(hashes[i], unused -> new Covered()).add(from + i, n);
            }
        }
        return share(top.values().stream()
                .mapToLong(covered -> covered.characters)
                .max()
                .orElse(0));
    }

    /// The share of characters in n-grams that have stood in this stretch before.
    double shareOfRepeated(int n) {
        counts.clear();
        Covered covered = new Covered();
        for (int i = from; i < from + count(n); i++) {
            if (counts.add(hash(i, n)) > 1) {
                covered.add(i, n);
            }
        }
        return share(covered.characters);
    }

    private double share(long ofCharacters) {
        return characters() == 0 ? 0 : (double) ofCharacters / characters();
    }

    /// The characters in some n-grams, taken in order; those in two of them count once.
    private final class Covered {
        private long characters;
        private int end;

        void add(int word, int n) {
            int start = Math.max(word, end);
            characters += length(start, word + n - start);
            end = word + n;
        }
    }

    private long length(int word, int n) {
        return before[word + n - from] - before[word - from];
    }
}
