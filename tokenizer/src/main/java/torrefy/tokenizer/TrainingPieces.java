package torrefy.tokenizer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The state of a training run: every distinct piece as a run of tokens, the pairs in them, and which pair is due.
///
/// All pieces lie in one array with a cell for each byte. A token stands in the first cell of its bytes, and the other
/// cells do not move when tokens are joined, so a place in the array names an occurrence for good:
///
/// | cells | `l` | `o` | `w` | end | `l` | `o` | end |
/// |---|---|---|---|---|---|---|---|
/// | at first | `l` | `o` | `w` | | `l` | `o` | |
/// | `l o` joined | `lo` | −2 | `w` | | `lo` | −2 | |
/// | `lo w` joined | `low` | −1 | −3 | | `lo` | −2 | |
///
/// The token after the one at a place follows from its length, and the one before from the last cell of that, which
/// holds minus its length. Each pair has a list of its places, so a merge touches the places where the pair stands and
/// nothing else. Memory: 16 bytes for each byte of the distinct pieces, and about 100 for each distinct pair.
final class TrainingPieces {

    /// Between pieces.
    private static final int END = Integer.MIN_VALUE;

    /// In a cell within a token, save its last.
    private static final int INSIDE = -1;

    private final BpeConfig config;
    private final List<byte[]> specialNames;
    private final List<byte[]> tokens = new ArrayList<>();
    private int[] lengths;
    private final ByteStringTable tokenIds = new ByteStringTable();
    private final PairPlaces pairs;
    private final PairQueue queue;

    private final PieceCounts counts;
    private final int[] cells;
    private final int[] pieceOf;

    /// Where the present merge's pair stands.
    private final TokenBuffer places = new TokenBuffer();

    /// Pairs whose count the present merge raised, once each.
    private final TokenBuffer raised = new TokenBuffer();

    private boolean[] isRaised = new boolean[1 << 12];

    TrainingPieces(PieceCounts counts, BpeConfig config) {
        this.config = config;
        this.counts = counts;
        specialNames = config.specialTokens().stream().map(Utf8::encode).toList();
        lengths = new int[Math.max(256, config.vocabularySize())];
        for (int value = 0; value < 256; value++) {
            tokens.add(new byte[] {(byte) value});
            lengths[value] = 1;
            tokenIds.intern(tokens.get(value), 0, 1);
        }
        ByteStringTable pieces = counts.pieces();
        // One end before the first piece and one after each.
        int size = Math.addExact(Math.addExact(pieces.totalBytes(), pieces.size()), 1);
        cells = new int[size];
        pieceOf = new int[size];
        pairs = new PairPlaces(size);
        queue = new PairQueue(pairs, tokens);
        layOut(pieces);
        for (int pair = 0; pair < pairs.size(); pair++) {
            enqueue(pair);
        }
    }

    private void layOut(ByteStringTable pieces) {
        int at = 0;
        cells[at++] = END;
        for (int piece = 0; piece < pieces.size(); piece++) {
            int start = at;
            for (int i = 0; i < pieces.length(piece); i++) {
                cells[at] = pieces.at(piece, i) & 0xff;
                pieceOf[at] = piece;
                if (at > start) {
                    pairs.add(cells[at - 1], cells[at], at - 1, counts.count(piece));
                }
                at++;
            }
            cells[at++] = END;
        }
    }

    private void enqueue(int pair) {
        if (pairs.count(pair) >= config.minimumFrequency()) {
            queue.add(pair);
        }
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
        for (int pair = queue.take(); pair >= 0; pair = queue.take()) {
            byte[] bytes = Tokenizer.concatenation(tokens.get(pairs.left(pair)), tokens.get(pairs.right(pair)));
            if (pairs.count(pair) >= config.minimumFrequency() && !isSpecial(bytes)) {
                return merge(pair, bytes);
            }
        }
        return null;
    }

    private boolean isSpecial(byte[] bytes) {
        return specialNames.stream().anyMatch(name -> Arrays.equals(name, bytes));
    }

    private Merge merge(int pair, byte[] bytes) {
        int token = tokenIds.intern(bytes, 0, bytes.length);
        if (token == tokens.size()) {
            tokens.add(bytes);
            lengths[token] = bytes.length;
        }
        Merge merge = new Merge(pairs.left(pair), pairs.right(pair), token);
        places.clear();
        pairs.places(pair, places);
        for (int i = 0; i < places.size(); i++) {
            mergeAt(places.array()[i], merge);
        }
        assert pairs.count(pair) == 0 : "a merged pair is left over";
        for (int i = 0; i < raised.size(); i++) {
            int changed = raised.array()[i];
            isRaised[changed] = false;
            enqueue(changed);
        }
        raised.clear();
        return merge;
    }

    /// Joins the pair at one place, if it still stands there: of `aaa`, joining the first two takes the second pair
    /// away.
    private void mergeAt(int place, Merge merge) {
        int leftLength = lengths[merge.left()];
        int second = place + leftLength;
        if (cells[place] != merge.left() || cells[second] != merge.right()) {
            return;
        }
        long count = counts.count(pieceOf[place]);
        int after = second + lengths[merge.right()];
        pairs.remove(merge.left(), merge.right(), place, count);
        if (cells[place - 1] != END) {
            int before = cells[place - 1] >= 0 ? place - 1 : place + cells[place - 1];
            pairs.remove(cells[before], merge.left(), before, count);
            raise(cells[before], merge.result(), before, count);
        }
        if (cells[after] != END) {
            pairs.remove(merge.right(), cells[after], second, count);
            raise(merge.result(), cells[after], place, count);
        }
        cells[second - 1] = INSIDE;
        cells[second] = INSIDE;
        cells[place] = merge.result();
        cells[after - 1] = place - after;
    }

    private void raise(int left, int right, int place, long count) {
        int pair = pairs.add(left, right, place, count);
        if (pair >= isRaised.length) {
            isRaised = Arrays.copyOf(isRaised, 2 * pair);
        }
        if (!isRaised[pair]) {
            isRaised[pair] = true;
            raised.add(pair);
        }
    }
}
