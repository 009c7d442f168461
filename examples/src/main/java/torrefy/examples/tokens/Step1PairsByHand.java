package torrefy.examples.tokens;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Step 1: byte-pair encoding from nothing, on one sentence, with lists and maps alone.
///
/// A text begins as its characters, each a token. Again and again, the pair of neighbours that stands most often in it
/// becomes one token. The pairs, in the order in which they were merged, are all that is learned: any other text is
/// encoded by merging the same pairs in the same order. Source: Sennrich, Haddow, Birch, "Neural machine translation of
/// rare words with subword units", ACL 2016, algorithm 1.
///
/// Here a character is what a byte is to [torrefy.tokenizer.BpeTrainer], which learns the same merges from this
/// sentence.
///
/// Expected output, shortened; `·` stands for a space, `|` between tokens:
///
/// ```text
/// the sentence  t|h|e|·|d|o|g|·|s|e|e|s|·|t|h|e|·|c|a|t|.|·|t|h|e|·|c|a|t|·|s|e|e|s|·|t|h|e|·|d|o|g|.| ...
///
/// pairs         e+· 6, h+e 6, t+h 6, ·+t 5, ·+d 4
/// merge 1       e+·, 59 tokens are left
///               t|h|e·|d|o|g|·|s|e|e|s|·|t|h|e·|c|a|t|.|·|t|h|e·|c|a|t|·|s|e|e|s|·|t|h|e·|d|o|g|.| ...
/// ...
/// pairs         ·see+s 3, ·the·+dog 3, s+·the· 3, ·the·+c 2, .+·the· 2
/// merge 10      ·see+s, 22 tokens are left
///               the·|dog|·sees|·the·|c|a|t|.|·the·|c|a|t|·sees|·the·|dog|.|·the·|dog|·sees|·the·|dog|.
///
/// the·cats becomes the·|c|a|t|s
/// a·dogma becomes a|·|dog|m|a
/// ```
public final class Step1PairsByHand {

    static final String SENTENCE = "the dog sees the cat. the cat sees the dog. the dog sees the dog.";
    private static final int MERGES = 10;

    /// Two neighbours.
    record Pair(String left, String right) implements Comparable<Pair> {

        String merged() {
            return left + right;
        }

        @Override
        public int compareTo(Pair other) {
            return Comparator.comparing(Pair::left).thenComparing(Pair::right).compare(this, other);
        }

        @Override
        public String toString() {
            return visible(left) + "+" + visible(right);
        }
    }

    public static void main(String[] arguments) {
        System.out.println("the sentence  " + shown(characters(SENTENCE)));
        List<Pair> merges = learn(SENTENCE, MERGES);
        System.out.println();
        for (String word : List.of("the cats", "a dogma")) {
            System.out.println(visible(word) + " becomes " + shown(encode(word, merges)));
        }
    }

    /// Learns merges from a text, and prints how.
    static List<Pair> learn(String text, int most) {
        List<Pair> merges = new ArrayList<>();
        List<String> tokens = characters(text);
        while (merges.size() < most) {
            Map<Pair, Integer> counts = count(tokens);
            Pair best = mostFrequent(counts);
            if (best == null || counts.get(best) < 2) {
                break;
            }
            merges.add(best);
            tokens = merge(tokens, best);
            System.out.println();
            System.out.println("pairs         " + firstOf(counts));
            System.out.printf("merge %-2d      %s, %d tokens are left%n", merges.size(), best, tokens.size());
            System.out.println("              " + shown(tokens));
        }
        return merges;
    }

    /// The tokens of a text: its characters, and on them every merge in the order in which they were learned.
    static List<String> encode(String text, List<Pair> merges) {
        List<String> tokens = characters(text);
        for (Pair pair : merges) {
            tokens = merge(tokens, pair);
        }
        return tokens;
    }

    private static List<String> characters(String text) {
        return List.of(text.split(""));
    }

    /// How often each pair of neighbours stands in a run of tokens.
    private static Map<Pair, Integer> count(List<String> tokens) {
        Map<Pair, Integer> counts = new TreeMap<>();
        for (int i = 0; i + 1 < tokens.size(); i++) {
            counts.merge(new Pair(tokens.get(i), tokens.get(i + 1)), 1, Integer::sum);
        }
        return counts;
    }

    /// Of equally frequent pairs the first in the order of the alphabet, so that everyone learns the same.
    private static Pair mostFrequent(Map<Pair, Integer> counts) {
        Pair best = null;
        for (Pair pair : counts.keySet()) {
            if (best == null || counts.get(pair) > counts.get(best)) {
                best = pair;
            }
        }
        return best;
    }

    /// The tokens with each occurrence of a pair written as one.
    private static List<String> merge(List<String> tokens, Pair pair) {
        List<String> merged = new ArrayList<>();
        for (int i = 0; i < tokens.size(); i++) {
            boolean isPair = i + 1 < tokens.size()
                    && tokens.get(i).equals(pair.left)
                    && tokens.get(i + 1).equals(pair.right);
            merged.add(isPair ? pair.merged() : tokens.get(i));
            i += isPair ? 1 : 0;
        }
        return merged;
    }

    private static String firstOf(Map<Pair, Integer> counts) {
        return counts.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .limit(5)
                .map(entry -> entry.getKey() + " " + entry.getValue())
                .reduce((all, next) -> all + ", " + next)
                .orElse("none");
    }

    static String shown(List<String> tokens) {
        return visible(String.join("|", tokens));
    }

    static String visible(String text) {
        return text.replace(' ', '·').replace("\n", "\\n");
    }
}
