package torrefy.tokenizer;

import java.util.Arrays;
import torrefy.core.parallel.ParallelLoop;

/// A text cut into portions that several threads can encode at once, because no piece reaches over a cut
/// ([SplitPattern#lastCut]). Where the cuts are depends on the text alone, and so do the tokens.
record Portions(byte[] text, int[] ends) {

    /// Enough that the work for a portion outweighs handing it out, few enough that no thread waits long for another.
    private static final int BYTES = 1 << 18;

    /// The portions of the first `size` bytes of a text.
    static Portions of(byte[] text, int size, SplitPattern pattern) {
        return of(text, size, pattern, BYTES);
    }

    /// @param bytes in a portion, about
    static Portions of(byte[] text, int size, SplitPattern pattern, int bytes) {
        TokenBuffer ends = new TokenBuffer();
        int limit = 0;
        while (limit < size) {
            // Without a cut in this stretch, the portion takes the next one too.
            int stretch = limit;
            limit = size - stretch > bytes ? stretch + bytes : size;
            int cut = limit == size ? size : pattern.lastCut(text, stretch, limit);
            if (cut > 0) {
                ends.add(cut);
            }
        }
        return new Portions(text, ends.toArray());
    }

    /// The tokens of each portion.
    int[][] encode(Tokenizer tokenizer, ParallelLoop loop) {
        int[][] tokens = new int[ends.length][];
        loop.run(
                ends.length,
                (portion, worker) -> tokens[portion] =
                        tokenizer.encodePart(text, portion == 0 ? 0 : ends[portion - 1], ends[portion]));
        return tokens;
    }

    /// One run after another.
    static int[] concatenation(int[][] runs) {
        int total = Arrays.stream(runs).mapToInt(run -> run.length).reduce(0, Math::addExact);
        int[] all = new int[total];
        int at = 0;
        for (int[] run : runs) {
            System.arraycopy(run, 0, all, at, run.length);
            at += run.length;
        }
        return all;
    }
}
