package torrefy.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/// Pieces of every length are what the definition, merge after merge, makes of them.
class LongPieceProperties {

    /// Without a pattern every text is one piece. A small alphabet makes many merges overlap.
    @Property(tries = 300)
    void aPieceOfAnyLengthBecomesWhatMergingMakesOfIt(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 4) int letters,
            @ForAll @IntRange(max = 200) int merges) {
        Random random = new Random(seed);
        BpeTrainer trainer = new BpeTrainer(new BpeConfig(256 + merges, SplitPattern.of("(?s).+"), 1, List.of()));
        trainer.add(piece(random, letters, 1 + random.nextInt(600)));
        Tokenizer tokenizer = trainer.train();
        for (int i = 0; i < 5; i++) {
            byte[] piece = piece(random, letters, 1 + random.nextInt(700));
            assertArrayEquals(merged(tokenizer, piece), tokenizer.encode(piece));
        }
    }

    /// A vocabulary in which a later merge makes what an earlier one could use, and merges share their results.
    @Property(tries = 300)
    void soItDoesWithMergesInAnyOrder(@ForAll long seed, @ForAll @IntRange(min = 1, max = 3) int letters) {
        Random random = new Random(seed);
        List<byte[]> tokens = new ArrayList<>(BpeTrainerTest.withBytes());
        List<Merge> merges = new ArrayList<>();
        List<Integer> usable = new ArrayList<>();
        for (int i = 0; i < letters; i++) {
            usable.add('a' + i);
        }
        for (int i = 0; i < 60; i++) {
            int left = usable.get(random.nextInt(usable.size()));
            int right = usable.get(random.nextInt(usable.size()));
            byte[] bytes = Tokenizer.concatenation(tokens.get(left), tokens.get(right));
            boolean isKnown = merges.stream().anyMatch(merge -> merge.left() == left && merge.right() == right);
            if (bytes.length > 40 || isKnown) {
                continue;
            }
            int result = 0;
            while (result < tokens.size() && !java.util.Arrays.equals(tokens.get(result), bytes)) {
                result++;
            }
            if (result == tokens.size()) {
                tokens.add(bytes);
                usable.add(result);
            }
            merges.add(random.nextInt(merges.size() + 1), new Merge(left, right, result));
        }
        Tokenizer tokenizer = new Tokenizer(
                new Vocabulary(tokens),
                merges,
                SplitPattern.of("(?s).+"),
                new SpecialTokens(java.util.Map.of()),
                false);
        for (int i = 0; i < 5; i++) {
            byte[] piece = piece(random, letters, 1 + random.nextInt(400));
            assertArrayEquals(merged(tokenizer, piece), tokenizer.encode(piece));
        }
    }

    private static byte[] piece(Random random, int letters, int length) {
        byte[] piece = new byte[length];
        for (int i = 0; i < length; i++) {
            piece[i] = (byte) ('a' + random.nextInt(letters));
        }
        return piece;
    }

    /// The definition: the first merge that applies anywhere, at its leftmost place, until none does.
    private static int[] merged(Tokenizer tokenizer, byte[] piece) {
        List<Integer> tokens = new ArrayList<>();
        for (byte value : piece) {
            tokens.add(value & 0xff);
        }
        List<Merge> merges = tokenizer.merges();
        boolean changed = true;
        while (changed) {
            changed = false;
            for (int rank = 0; rank < merges.size() && !changed; rank++) {
                Merge merge = merges.get(rank);
                for (int i = 0; i + 1 < tokens.size() && !changed; i++) {
                    if (tokens.get(i) == merge.left() && tokens.get(i + 1) == merge.right()) {
                        tokens.set(i, merge.result());
                        tokens.remove(i + 1);
                        changed = true;
                    }
                }
            }
        }
        return tokens.stream().mapToInt(Integer::intValue).toArray();
    }
}
