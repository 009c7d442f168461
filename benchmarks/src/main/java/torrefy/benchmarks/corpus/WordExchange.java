package torrefy.benchmarks.corpus;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import torrefy.tokenizer.corpus.filter.Hashing;

/// Makes new text of old: each word but the most frequent is exchanged for another that is about as frequent and begins
/// in the same case, everywhere for the same one. Lines, punctuation and the shares of short and long words stay, so
/// that filters judge the text as before; of its runs of five words few are left.
///
/// A word is a run of letters.
final class WordExchange {

    /// So many words stay: those of the language, and those of licences.
    private static final int FREQUENT = 512;

    /// Words of neighbouring frequency that can take each other's place.
    private static final int BLOCK = 64;

    /// A word that can be exchanged, by its place in a text.
    ///
    /// @param blockFrom the place in `ranked` of the first word that can take its place
    /// @param blockTo the place after the last one
    /// @param rank its own place there
    record Word(int from, int to, int blockFrom, int blockTo, int rank) {}

    private final Map<String, int[]> counts = new HashMap<>();
    private List<String> ranked = List.of();

    /// For each word its place in `ranked`, and where its block begins and ends.
    private final Map<String, int[]> blocks = new HashMap<>();

    /// Counts the words of a text.
    void learn(String text) {
        forEachWord(text, (from, to) -> counts.computeIfAbsent(text.substring(from, to), word -> new int[1])[0]++);
    }

    /// Ends the counting.
    void finish() {
        List<String> words = new ArrayList<>(counts.keySet());
        words.sort(
                Comparator.comparingInt((String word) -> -counts.get(word)[0]).thenComparing(word -> word));
        words = new ArrayList<>(words.subList(Math.min(FREQUENT, words.size()), words.size()));
        // A stable sort: by case, and in that by frequency.
        words.sort(Comparator.comparing(word -> Character.isUpperCase(word.charAt(0))));
        ranked = words;
        int blockFrom = 0;
        for (int i = 0; i <= words.size(); i++) {
            boolean ends = i == words.size()
                    || i - blockFrom == BLOCK
                    || Character.isUpperCase(words.get(i).charAt(0))
                            != Character.isUpperCase(words.get(blockFrom).charAt(0));
            if (ends) {
                for (int rank = blockFrom; rank < i; rank++) {
                    blocks.put(words.get(rank), new int[] {rank, blockFrom, i});
                }
                blockFrom = i;
            }
        }
        counts.clear();
    }

    /// The words of a text that can be exchanged, in order.
    List<Word> words(String text) {
        List<Word> words = new ArrayList<>();
        forEachWord(text, (from, to) -> {
            int[] block = blocks.get(text.substring(from, to));
            if (block != null && block[2] - block[1] > 1) {
                words.add(new Word(from, to, block[1], block[2], block[0]));
            }
        });
        return words;
    }

    String exchange(String text, long seed) {
        return exchange(text, words(text), seed);
    }

    /// The text with these of its words exchanged.
    ///
    /// @param words in order
    String exchange(String text, List<Word> words, long seed) {
        StringBuilder out = new StringBuilder(text.length() + 64);
        int at = 0;
        for (Word word : words) {
            out.append(text, at, word.from).append(ranked.get(other(word, seed)));
            at = word.to;
        }
        return out.append(text, at, text.length()).toString();
    }

    /// All words of a block move on by the same number of places, which is not 0.
    private static int other(Word word, long seed) {
        int size = word.blockTo - word.blockFrom;
        int step = 1 + (int) Long.remainderUnsigned(Hashing.append(seed, word.blockFrom), size - 1);
        return word.blockFrom + (word.rank - word.blockFrom + step) % size;
    }

    @FunctionalInterface
    private interface Sink {
        void accept(int from, int to);
    }

    private static void forEachWord(String text, Sink sink) {
        int from = -1;
        for (int i = 0; i <= text.length(); i++) {
            boolean isLetter = i < text.length() && Character.isLetter(text.charAt(i));
            if (isLetter && from < 0) {
                from = i;
            } else if (!isLetter && from >= 0) {
                sink.accept(from, i);
                from = -1;
            }
        }
    }
}
