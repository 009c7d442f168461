package torrefy.tokenizer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;

/// The state of a training run: every distinct piece as a run of tokens, the pairs in them, and a queue of pairs by
/// count.
///
/// The queue is refreshed lazily. Counts of queued pairs only go down while no merge touches them from above, so a
/// recorded count is never too low: a pair that comes out first with its present count is the most frequent one, and
/// one that comes out with an outdated count goes back with the present one. A pair whose count went up is queued
/// again.
final class TrainingPieces {

    /// A pair and its count at the time of queueing.
    private record Candidate(long count, int pair) {}

    private final BpeConfig config;
    private final List<byte[]> tokens = new ArrayList<>();
    private final ByteStringTable tokenIds = new ByteStringTable();
    private final PairStatistics pairs = new PairStatistics();
    private final PriorityQueue<Candidate> queue = new PriorityQueue<>(this::compare);

    private final long[] counts;
    /// Piece p is `symbols[starts[p]]` to `symbols[starts[p] + lengths[p] - 1]`.
    private final int[] symbols;

    private final int[] starts;
    private final int[] lengths;

    /// Pairs whose count the present merge raised, once each.
    private final TokenBuffer raised = new TokenBuffer();

    private boolean[] isRaised = new boolean[0];

    TrainingPieces(ByteStringTable pieces, long[] counts, BpeConfig config) {
        this.config = config;
        this.counts = counts;
        for (int value = 0; value < 256; value++) {
            tokens.add(new byte[] {(byte) value});
            tokenIds.intern(tokens.get(value), 0, 1);
        }
        symbols = new int[pieces.totalBytes()];
        starts = new int[pieces.size()];
        lengths = new int[pieces.size()];
        int at = 0;
        for (int piece = 0; piece < pieces.size(); piece++) {
            starts[piece] = at;
            for (byte value : pieces.get(piece)) {
                symbols[at++] = value & 0xff;
            }
            lengths[piece] = at - starts[piece];
            for (int i = starts[piece] + 1; i < at; i++) {
                pairs.add(symbols[i - 1], symbols[i], counts[piece], piece);
            }
        }
        for (int pair = 0; pair < pairs.size(); pair++) {
            queue.add(new Candidate(pairs.count(pair), pair));
        }
    }

    private int compare(Candidate a, Candidate b) {
        if (a.count != b.count) {
            return Long.compare(b.count, a.count);
        }
        int byLeft = Arrays.compareUnsigned(tokens.get(pairs.left(a.pair)), tokens.get(pairs.left(b.pair)));
        return byLeft != 0
                ? byLeft
                : Arrays.compareUnsigned(tokens.get(pairs.right(a.pair)), tokens.get(pairs.right(b.pair)));
    }

    /// Number of tokens so far.
    int vocabularySize() {
        return tokens.size();
    }

    /// The bytes of the tokens so far.
    List<byte[]> tokens() {
        return new ArrayList<>(tokens);
    }

    /// Merges the pair that is due. Returns null if no pair is frequent enough.
    Merge mergeMostFrequentPair() {
        while (!queue.isEmpty()) {
            Candidate first = queue.poll();
            long count = pairs.count(first.pair);
            if (count < config.minimumFrequency()) {
                continue;
            }
            if (count != first.count) {
                queue.add(new Candidate(count, first.pair));
                continue;
            }
            byte[] bytes =
                    Tokenizer.concatenation(tokens.get(pairs.left(first.pair)), tokens.get(pairs.right(first.pair)));
            if (!isSpecial(bytes)) {
                return merge(first.pair, bytes);
            }
        }
        return null;
    }

    private boolean isSpecial(byte[] bytes) {
        return config.specialTokens().stream().anyMatch(name -> Arrays.equals(Utf8.encode(name), bytes));
    }

    private Merge merge(int pair, byte[] bytes) {
        int token = tokenIds.intern(bytes, 0, bytes.length);
        if (token == tokens.size()) {
            tokens.add(bytes);
        }
        Merge merge = new Merge(pairs.left(pair), pairs.right(pair), token);
        for (int piece : pairs.takePieces(pair)) {
            mergeIn(piece, merge);
        }
        assert pairs.count(pair) == 0 : "a merged pair is left over";
        for (int i = 0; i < raised.size(); i++) {
            int changed = raised.array()[i];
            isRaised[changed] = false;
            queue.add(new Candidate(pairs.count(changed), changed));
        }
        raised.clear();
        return merge;
    }

    /// Replaces the pair in one piece, from left to right. At each replacement the piece is what was written so far,
    /// the pair, and what follows; the counts are kept exact for that sequence.
    private void mergeIn(int piece, Merge merge) {
        long count = counts[piece];
        int start = starts[piece];
        int end = start + lengths[piece];
        int out = start;
        for (int in = start; in < end; ) {
            if (in + 1 == end || symbols[in] != merge.left() || symbols[in + 1] != merge.right()) {
                symbols[out++] = symbols[in++];
                continue;
            }
            pairs.subtract(merge.left(), merge.right(), count);
            if (out > start) {
                int before = symbols[out - 1];
                pairs.subtract(before, merge.left(), count);
                raise(before, merge.result(), count, piece);
            }
            in += 2;
            if (in < end) {
                pairs.subtract(merge.right(), symbols[in], count);
                raise(merge.result(), symbols[in], count, piece);
            }
            symbols[out++] = merge.result();
        }
        lengths[piece] = out - start;
    }

    private void raise(int left, int right, long count, int piece) {
        int pair = pairs.add(left, right, count, piece);
        if (pair >= isRaised.length) {
            isRaised = Arrays.copyOf(isRaised, Math.max(1 << 12, 2 * pair));
        }
        if (!isRaised[pair]) {
            isRaised[pair] = true;
            raised.add(pair);
        }
    }
}
