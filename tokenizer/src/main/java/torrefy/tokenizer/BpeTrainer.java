package torrefy.tokenizer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Learns a vocabulary from text: again and again, the pair of neighbouring tokens that stands most often in the text
/// becomes a token of its own. Source: Sennrich, Haddow, Birch, "Neural machine translation of rare words with subword
/// units", ACL 2016, algorithm 1, on bytes instead of characters.
///
/// **How pairs are counted.** Inside pieces only, at every position: `aaa` holds the pair `a a` twice.
///
/// **Ties** go to the pair whose left token is smaller as a string of unsigned bytes, and if those are equal, whose
/// right token is. So the merges depend on the pieces and how often each stands in the text, not on the order of the
/// texts.
///
/// **Ids.** Bytes are tokens 0 to 255, merged tokens follow in the order in which they were made, special tokens come
/// last. If a merge makes bytes that are a token already, it leads to that token. No merge makes the name of a special
/// token.
///
/// **Cost.** Texts are reduced to distinct pieces with their counts. A merge visits only the pieces that hold its
/// pair, and adjusts the counts of the pairs around it.
public final class BpeTrainer {

    private final BpeConfig config;
    private final ByteStringTable pieces = new ByteStringTable();
    private long[] counts = new long[1 << 10];
    private long bytes;

    public BpeTrainer(BpeConfig config) {
        this.config = config;
    }

    /// Adds a text to learn from.
    public void add(CharSequence text) {
        add(Utf8.encode(text));
    }

    /// Adds a text in UTF-8, or any bytes.
    public void add(byte[] text) {
        bytes += text.length;
        config.splitPattern().split(text, 0, text.length, this::count);
    }

    private void count(byte[] text, int from, int count) {
        int piece = pieces.intern(text, from, count);
        if (piece == counts.length) {
            counts = Arrays.copyOf(counts, 2 * piece);
        }
        counts[piece]++;
    }

    /// Number of different pieces so far.
    public int distinctPieces() {
        return pieces.size();
    }

    /// Number of bytes added so far.
    public long bytes() {
        return bytes;
    }

    /// Learns from all that was added. More may be added afterwards, for training anew.
    public Tokenizer train() {
        List<Merge> merges = new ArrayList<>();
        int ordinary = config.vocabularySize() - config.specialTokens().size();
        TrainingPieces training = new TrainingPieces(pieces, counts, config);
        while (training.vocabularySize() < ordinary) {
            Merge merge = training.mergeMostFrequentPair();
            if (merge == null) {
                break;
            }
            merges.add(merge);
        }
        List<byte[]> tokens = training.tokens();
        Map<String, Integer> special = new LinkedHashMap<>();
        for (String name : config.specialTokens()) {
            special.put(name, tokens.size());
            tokens.add(Utf8.encode(name));
        }
        return new Tokenizer(new Vocabulary(tokens), merges, config.splitPattern(), new SpecialTokens(special), false);
    }
}
