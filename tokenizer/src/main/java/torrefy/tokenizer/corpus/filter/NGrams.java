package torrefy.tokenizer.corpus.filter;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/// The runs of n words in a stretch of a text, and how much of it they cover when they come again.
final class NGrams {

    /// Words of more characters are so rare that none is left out of a bound.
    private static final int LONGEST_COUNTED = 64;

    private final TextView text;
    private final int from;
    private final int to;
    private final int[] before;
    private final LongCounts counts;
    private final int mostPairs;

    /// How many words have so many characters, and the characters of all that have more than are counted.
    private final int[] wordsOfLength = new int[LONGEST_COUNTED + 1];

    private long inLongerWords;

    NGrams(TextView text, int from, int to) {
        this.text = text;
        this.from = from;
        this.to = to;
        this.counts = new LongCounts(to - from);
        before = new int[to - from + 1];
        for (int i = from; i < to; i++) {
            int length = text.wordEnd(i) - text.wordStart(i);
            before[i - from + 1] = before[i - from] + length;
            if (length <= LONGEST_COUNTED) {
                wordsOfLength[length]++;
            } else {
                inLongerWords += length;
            }
        }
        mostPairs = most(hashes(2));
    }

    private long characters() {
        return before[to - from];
    }

    private int count(int n) {
        return Math.max(0, to - from - n + 1);
    }

    private long[] hashes(int n) {
        long[] hashes = new long[count(n)];
        Arrays.fill(hashes, n);
        for (int word = from; word < from + n && hashes.length > 0; word++) {
            text.appendWords(hashes, word);
        }
        return hashes;
    }

    /// Counts n-grams, and returns how often the most frequent one is there.
    private int most(long[] hashes) {
        counts.clear();
        int most = 0;
        for (long hash : hashes) {
            most = Math.max(most, counts.add(hash));
        }
        return most;
    }

    /// A bound of [#shareOfTop] for n ≥ 2 that is quickly found. No n-gram is there more often than the most frequent
    /// pair of words, m times, so none covers more than the `m · n` longest words.
    double mostOfTop(int n) {
        if (mostPairs < 2) {
            return 0;
        }
        long characters = inLongerWords;
        long words = (long) mostPairs * n;
        for (int length = LONGEST_COUNTED; length > 0 && words > 0; length--) {
            characters += Math.min(words, wordsOfLength[length]) * length;
            words -= wordsOfLength[length];
        }
        return share(characters);
    }

    /// The share of characters in the n-gram that stands there most often; of several, the one that covers most. One
    /// that stands there once covers nothing.
    double shareOfTop(int n) {
        long[] hashes = hashes(n);
        int most = Math.max(2, most(hashes));
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
        long[] hashes = hashes(n);
        for (int i = 0; i < hashes.length; i++) {
            if (counts.add(hashes[i]) > 1) {
                covered.add(from + i, n);
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
