package torrefy.tokenizer;

import java.util.Arrays;
import java.util.BitSet;
import java.util.function.Supplier;

/// Encodes one piece after another: begins with a token per byte and then, as long as there is a pair with a rank,
/// merges the pair of lowest rank, the leftmost of equal ones. Source: Sennrich, Haddow, Birch, "Neural machine
/// translation of rare words with subword units", ACL 2016, algorithm 1.
///
/// Pieces come again and again, so what short ones became is remembered, up to a bound. Serves one thread at a time.
final class PieceEncoder {

    /// Longer pieces are rare and not worth remembering.
    private static final int LONGEST_REMEMBERED = 48;

    private static final int MOST_REMEMBERED = 1 << 14;

    /// From this length on, looking at every pair for every merge costs more than [LongPiece].
    private static final int SHORTEST_LONG = 128;

    private static final int UNMERGED = Integer.MAX_VALUE;

    private static final int MOST_AGREEMENTS = 1 << 18;

    private final int[] byteTokens;
    private final MergeTable merges;
    private final Vocabulary vocabulary;
    private final boolean wholePieces;
    private final SpecialTokens specialTokens;
    private final Supplier<TokenTrie> trie;

    private final PieceCache cache = new PieceCache();
    private final ByteStringTable remembered = new ByteStringTable();
    private final TokenBuffer rememberedTokens = new TokenBuffer();
    private int[] rememberedEnds = new int[1 << 10];

    private int[] tokens = new int[SHORTEST_LONG];
    private int[] ranks = new int[SHORTEST_LONG];

    /// Made when the first long piece comes.
    private LongPiece longPiece;

    /// Pairs of neighbours that were asked about, and which of them agree.
    private final PairTable asked = new PairTable();

    private final BitSet agreeing = new BitSet();

    /// @param byteTokens the token of each byte value
    /// @param wholePieces whether a piece that is itself a token is that token, whatever the merges
    /// @param specialTokens what no piece may become
    /// @param trie of the vocabulary; asked for when the first long piece comes
    PieceEncoder(
            int[] byteTokens,
            MergeTable merges,
            Vocabulary vocabulary,
            boolean wholePieces,
            SpecialTokens specialTokens,
            Supplier<TokenTrie> trie) {
        this.byteTokens = byteTokens;
        this.merges = merges;
        this.vocabulary = vocabulary;
        this.wholePieces = wholePieces;
        this.specialTokens = specialTokens;
        this.trie = trie;
    }

    /// Appends the tokens of `bytes[from]` to `bytes[from + count - 1]` to `out`.
    void encode(byte[] bytes, int from, int count, TokenBuffer out) {
        if (count > PieceCache.LONGEST) {
            encodeLonger(bytes, from, count, out);
        } else if (!cache.find(bytes, from, count, out)) {
            int before = out.size();
            encodeAfresh(bytes, from, count, out);
            cache.add(bytes, from, count, out.array(), before, out.size() - before);
        }
    }

    private void encodeLonger(byte[] bytes, int from, int count, TokenBuffer out) {
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
        int whole = wholePieces ? vocabulary.find(bytes, from, count) : -1;
        if (whole >= 0 && !specialTokens.contains(whole)) {
            out.add(whole);
        } else if (count < SHORTEST_LONG) {
            out.addAll(tokens, 0, merge(bytes, from, count));
        } else {
            if (longPiece == null) {
                longPiece = new LongPiece(vocabulary, trie.get(), this::agree);
            }
            longPiece.encode(bytes, from, from + count, out);
        }
    }

    /// Leaves the tokens of a piece in [#tokens] and returns their number.
    private int merge(byte[] bytes, int from, int count) {
        if (count > tokens.length) {
            tokens = new int[2 * count];
            ranks = new int[2 * count];
        }
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
        return size;
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

    /// Whether merging the bytes of two tokens gives these two; of one, if `left` is -1.
    private boolean agree(int left, int right) {
        if (asked.size() == MOST_AGREEMENTS) {
            asked.clear();
            agreeing.clear();
        }
        int known = asked.size();
        int pair = asked.intern(left, right);
        if (pair == known && agreeAfresh(left, right)) {
            agreeing.set(pair);
        }
        return agreeing.get(pair);
    }

    private boolean agreeAfresh(int left, int right) {
        byte[] bytes = vocabulary.bytes(right);
        if (left < 0) {
            return merge(bytes, 0, bytes.length) == 1 && tokens[0] == right;
        }
        byte[] both = Tokenizer.concatenation(vocabulary.bytes(left), bytes);
        return merge(both, 0, both.length) == 2 && tokens[0] == left && tokens[1] == right;
    }
}
