package torrefy.tokenizer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Byte-pair encoding as one would write it down: everything is counted anew for every merge. Tokens are byte strings
/// spelled in ISO 8859-1, whose order is that of unsigned bytes.
final class NaiveBpe {

    record Pair(String left, String right) {
        String joined() {
            return left + right;
        }
    }

    private NaiveBpe() {}

    static List<String> letters(byte[] piece) {
        List<String> letters = new ArrayList<>();
        for (byte value : piece) {
            letters.add(String.valueOf((char) (value & 0xff)));
        }
        return letters;
    }

    /// At most `most` different merged tokens.
    static List<Pair> train(List<byte[]> pieces, int most, int minimumFrequency) {
        List<List<String>> texts =
                new ArrayList<>(pieces.stream().map(NaiveBpe::letters).toList());
        List<Pair> merges = new ArrayList<>();
        while (merges.stream().map(Pair::joined).distinct().count() < most) {
            Map<Pair, Integer> counts = new HashMap<>();
            for (List<String> text : texts) {
                for (int i = 0; i + 1 < text.size(); i++) {
                    counts.merge(new Pair(text.get(i), text.get(i + 1)), 1, Integer::sum);
                }
            }
            Pair best = counts.keySet().stream()
                    .filter(pair -> counts.get(pair) >= minimumFrequency)
                    .min(Comparator.<Pair, Integer>comparing(counts::get)
                            .reversed()
                            .thenComparing(Pair::left)
                            .thenComparing(Pair::right))
                    .orElse(null);
            if (best == null) {
                break;
            }
            merges.add(best);
            texts.replaceAll(text -> apply(best, text));
        }
        return merges;
    }

    /// Joins the pair everywhere, from left to right.
    static List<String> apply(Pair pair, List<String> text) {
        List<String> result = new ArrayList<>();
        for (int i = 0; i < text.size(); i++) {
            boolean joins = text.subList(i, text.size()).size() > 1
                    && text.subList(i, i + 2).equals(Arrays.asList(pair.left(), pair.right()));
            result.add(joins ? pair.joined() : text.get(i));
            i += joins ? 1 : 0;
        }
        return result;
    }

    /// One merge at a time: of the pairs there are, the one learned first; of equal ones, the leftmost.
    static List<String> encode(byte[] piece, List<Pair> merges) {
        List<String> text = letters(piece);
        while (true) {
            int best = -1;
            int bestRank = Integer.MAX_VALUE;
            for (int i = 0; i + 1 < text.size(); i++) {
                int rank = merges.indexOf(new Pair(text.get(i), text.get(i + 1)));
                if (rank >= 0 && rank < bestRank) {
                    best = i;
                    bestRank = rank;
                }
            }
            if (best < 0) {
                return text;
            }
            text.set(best, merges.get(bestRank).joined());
            text.remove(best + 1);
        }
    }
}
