package torrefy.tokenizer;

import java.util.Arrays;

/// Encodes one piece after another: begins with a token per byte and then, as long as there is a pair with a rank,
/// merges the pair of lowest rank, the leftmost of equal ones. Source: Sennrich, Haddow, Birch, "Neural machine
/// translation of rare words with subword units", ACL 2016, algorithm 1.
///
/// Pieces come again and again, so what short ones became is remembered, up to a bound. Serves one thread at a time.
final class PieceEncoder {

    /// Longer pieces are rare and not worth remembering.
    private static final int LONGEST_REMEMBERED = 48;

    private static final int MOST_REMEMBERED = 1 << 17;

    /// From this length on, looking at every pair for every merge costs more than a queue of pairs.
    private static final int SHORTEST_QUEUED = 128;

    private static final int UNMERGED = Integer.MAX_VALUE;

    private final int[] byteTokens;
    private final MergeTable merges;
    private final Vocabulary wholePieces;
    private final SpecialTokens specialTokens;

    private final ByteStringTable remembered = new ByteStringTable();
    private final TokenBuffer rememberedTokens = new TokenBuffer();
    private int[] rememberedEnds = new int[1 << 10];
    private final int[] tokens = new int[SHORTEST_QUEUED];
    private final int[] ranks = new int[SHORTEST_QUEUED];

    /// @param byteTokens the token of each byte value
    /// @param wholePieces if not null, a piece that is a token of this vocabulary is that token, whatever the merges
    /// @param specialTokens what no piece may become
    PieceEncoder(int[] byteTokens, MergeTable merges, Vocabulary wholePieces, SpecialTokens specialTokens) {
        this.byteTokens = byteTokens;
        this.merges = merges;
        this.wholePieces = wholePieces;
        this.specialTokens = specialTokens;
    }

    /// Appends the tokens of `bytes[from]` to `bytes[from + count - 1]` to `out`.
    void encode(byte[] bytes, int from, int count, TokenBuffer out) {
        if (count > LONGEST_REMEMBERED) {
            encodeAfresh(bytes, from, count, out);
            return;
        }
        int known = remembered.find(bytes, from, count);
        if (known >= 0) {
            int start = known == 0 ? 0 : rememberedEnds[known - 1];
            out.addAll(rememberedTokens.array(), start, rememberedEnds[known] - start);
            return;
        }
        int before = out.size();
        encodeAfresh(bytes, from, count, out);
        remember(bytes, from, count, out, before);
    }

    private void remember(byte[] bytes, int from, int count, TokenBuffer out, int before) {
        if (remembered.size() == MOST_REMEMBERED) {
            remembered.clear();
            rememberedTokens.clear();
        }
        int index = remembered.intern(bytes, from, count);
        rememberedTokens.addAll(out.array(), before, out.size() - before);
        if (index == rememberedEnds.length) {
            rememberedEnds = Arrays.copyOf(rememberedEnds, 2 * index);
        }
        rememberedEnds[index] = rememberedTokens.size();
    }

    private void encodeAfresh(byte[] bytes, int from, int count, TokenBuffer out) {
        int whole = wholePieces == null ? -1 : wholePieces.find(bytes, from, count);
        if (whole >= 0 && !specialTokens.contains(whole)) {
            out.add(whole);
        } else if (count < SHORTEST_QUEUED) {
            encodeShort(bytes, from, count, out);
        } else {
            new LongPiece(byteTokens, merges, bytes, from, count).encode(out);
        }
    }

    private void encodeShort(byte[] bytes, int from, int count, TokenBuffer out) {
        for (int i = 0; i < count; i++) {
            tokens[i] = byteTokens[bytes[from + i] & 0xff];
        }
        int size = count;
        for (int i = 0; i < size; i++) {
            ranks[i] = rankAt(i, size);
        }
        int best = lowest(size);
        while (ranks[best] != UNMERGED) {
            tokens[best] = merges.result(ranks[best]);
            size--;
            System.arraycopy(tokens, best + 2, tokens, best + 1, size - best - 1);
            System.arraycopy(ranks, best + 2, ranks, best + 1, size - best - 1);
            ranks[best] = rankAt(best, size);
            if (best > 0) {
                ranks[best - 1] = rankAt(best - 1, size);
            }
            best = lowest(size);
        }
        out.addAll(tokens, 0, size);
    }

    private int lowest(int size) {
        int best = 0;
        for (int i = 1; i < size; i++) {
            if (ranks[i] < ranks[best]) {
                best = i;
            }
        }
        return best;
    }

    private int rankAt(int i, int size) {
        int rank = i + 1 < size ? merges.rank(tokens[i], tokens[i + 1]) : -1;
        return rank < 0 ? UNMERGED : rank;
    }
}
