package torrefy.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Matcher;
import torrefy.core.parallel.ParallelLoop;

/// Text to token ids and back, by byte-level byte-pair encoding.
///
/// A text is cut into pieces ([SplitPattern]); each piece begins as its bytes, and learned merges join neighbours
/// until none applies. Since every byte value has a token, `decode(encode(bytes))` is `bytes` for any bytes, unless the
/// tokenizer is one that [composes][#withComposing] its text first. Learn one with [BpeTrainer], keep it with
/// [TokenizerJson]. Immutable; any number of threads may use it at once.
public final class Tokenizer {

    /// Room that is made for the tokens of a text; most have fewer, more of them cost a copy.
    private static final int BYTES_A_TOKEN = 3;

    private final Vocabulary vocabulary;
    private final SplitPattern splitPattern;
    private final SpecialTokens specialTokens;
    private final NameFinder words;
    private final boolean wholePieces;
    private final boolean isComposing;
    private final int[] beginning;

    private final MergeTable mergeTable;
    private final int[] byteTokens;
    private TokenTrie trie;
    private final ConcurrentLinkedQueue<PieceEncoder> idleEncoders = new ConcurrentLinkedQueue<>();

    /// A tokenizer with learned merges.
    ///
    /// @param merges in the order in which they were learned: an earlier one is applied first
    /// @param specialTokens their ids belong to the vocabulary, where their bytes are their names
    /// @param wholePieces whether a piece that is itself a token is always that token, even if the merges would not
    ///     lead there
    /// @throws IllegalArgumentException if a byte value has no token, or a merge or a special token does not agree
    ///     with the vocabulary
    public Tokenizer(
            Vocabulary vocabulary,
            List<Merge> merges,
            SplitPattern splitPattern,
            SpecialTokens specialTokens,
            boolean wholePieces) {
        this(vocabulary, new MergeTable(merges), splitPattern, specialTokens, wholePieces, false);
        Agreement.require(vocabulary, merges, specialTokens);
    }

    /// A tokenizer whose vocabulary alone says what is merged, as tiktoken's do: of all neighbours that make up the
    /// bytes of a token, those with the lowest token are joined first, and a piece that is itself a token is that
    /// token.
    ///
    /// @param specialTokens their ids belong to the vocabulary, where their bytes are their names
    /// @throws IllegalArgumentException if a byte value has no token, or a special token does not agree with the
    ///     vocabulary
    public static Tokenizer ofRanks(Vocabulary vocabulary, SplitPattern splitPattern, SpecialTokens specialTokens) {
        return new Tokenizer(
                vocabulary, new MergeTable(vocabulary, specialTokens), splitPattern, specialTokens, true, false);
    }

    private Tokenizer(
            Vocabulary vocabulary,
            MergeTable mergeTable,
            SplitPattern splitPattern,
            SpecialTokens specialTokens,
            boolean wholePieces,
            boolean isComposing,
            int... beginning) {
        this.vocabulary = vocabulary;
        this.splitPattern = splitPattern;
        this.specialTokens = specialTokens;
        this.words = specialTokens.wordFinder();
        this.wholePieces = wholePieces;
        this.isComposing = isComposing;
        this.beginning = beginning;
        this.byteTokens = Agreement.byteTokens(vocabulary);
        this.mergeTable = mergeTable;
        Agreement.require(vocabulary, specialTokens);
    }

    /// The same, but for what every text begins with.
    ///
    /// @param beginning tokens that stand before the first of a text, as Llama 3's `<|begin_of_text|>` does; they are
    ///     added by whoever begins a text, and not by [#encode(CharSequence)]
    /// @throws IllegalArgumentException if one of them is not in the vocabulary
    public Tokenizer withBeginning(int... beginning) {
        for (int token : beginning) {
            if (!vocabulary.contains(token)) {
                throw new IllegalArgumentException(
                        "texts cannot begin with token " + token + ", which is not in the vocabulary");
            }
        }
        return new Tokenizer(
                vocabulary, mergeTable, splitPattern, specialTokens, wholePieces, isComposing, beginning.clone());
    }

    /// The same, but for whether a text is first brought into Unicode's normal form C, as Qwen's tokenizers do. Then
    /// decoding gives back the [text in that form][#composed].
    public Tokenizer withComposing(boolean isComposing) {
        return new Tokenizer(vocabulary, mergeTable, splitPattern, specialTokens, wholePieces, isComposing, beginning);
    }

    static byte[] concatenation(byte[] left, byte[] right) {
        byte[] both = Arrays.copyOf(left, left.length + right.length);
        System.arraycopy(right, 0, both, left.length, right.length);
        return both;
    }

    public Vocabulary vocabulary() {
        return vocabulary;
    }

    /// V, the number of tokens, special ones included.
    public int vocabularySize() {
        return vocabulary.size();
    }

    /// The merges by rank. They are listed anew for every call.
    public List<Merge> merges() {
        return mergeTable.merges();
    }

    /// Whether the vocabulary alone says what is merged: see [#ofRanks].
    public boolean isOfRanks() {
        return mergeTable.isByToken();
    }

    public SplitPattern splitPattern() {
        return splitPattern;
    }

    public SpecialTokens specialTokens() {
        return specialTokens;
    }

    /// Whether a piece that is itself a token is always that token.
    public boolean wholePieces() {
        return wholePieces;
    }

    /// The id of the mark after every document: `<|endoftext|>`, or as Llama 3 or Mistral name it.
    ///
    /// @throws IllegalArgumentException if this tokenizer has no such mark
    public int endOfText() {
        String name = SpecialTokens.ENDS_OF_TEXT.stream()
                .filter(specialTokens.names()::contains)
                .findFirst()
                .orElse(SpecialTokens.END_OF_TEXT);
        return specialTokens.id(name);
    }

    /// What stands before the first token of a text: the marks that the tokenizer's maker put there
    /// ([#withBeginning]), or else the mark that ended the text before.
    ///
    /// @throws IllegalArgumentException if it has neither
    public int[] startOfText() {
        return hasBeginning() ? beginning.clone() : new int[] {endOfText()};
    }

    /// Whether texts begin with marks of their own.
    public boolean hasBeginning() {
        return beginning.length > 0;
    }

    /// Whether a text is first brought into Unicode's normal form C.
    public boolean isComposing() {
        return isComposing;
    }

    /// The text of which [#encode(byte\[\])] gives the tokens: itself, or its normal form C if this tokenizer
    /// [composes][#isComposing].
    public byte[] composed(byte[] text) {
        return isComposing ? Composition.of(text) : text;
    }

    /// The tokens of a text. Names of special tokens in it are plain text, but for [added words][SpecialTokens#words].
    public int[] encode(CharSequence text) {
        return encode(Utf8.encode(text));
    }

    /// The tokens of a text in which the names of the special tokens in `allowed`, and no others, become those
    /// tokens. Where one such name begins with another, the longer one counts.
    ///
    /// @throws IllegalArgumentException if `allowed` holds what is no special token
    public int[] encode(CharSequence text, Set<String> allowed) {
        return encode(text, allowed, Set.of());
    }

    /// The same for a text in which some names must not stand: a user's, say, that is to hold no marks. Other names are
    /// plain text.
    ///
    /// @param allowed names that become the special token
    /// @param refused names that the text may not hold; longer names go first here, too
    /// @throws IllegalArgumentException if the text holds a refused name; the message says which and where. Or if one
    /// of
    ///     the sets holds what is no special token, or both hold the same
    public int[] encode(CharSequence text, Set<String> allowed, Set<String> refused) {
        Set<String> sought = new HashSet<>(allowed);
        sought.addAll(refused);
        if (sought.size() < allowed.size() + refused.size()) {
            throw new IllegalArgumentException(
                    "special tokens are both allowed and refused: allowed " + allowed + ", refused " + refused);
        }
        if (sought.isEmpty()) {
            return encode(text);
        }
        TokenBuffer out = new TokenBuffer();
        Matcher matcher = specialTokens.finder(sought).matcher(text);
        int at = 0;
        while (matcher.find()) {
            if (refused.contains(matcher.group())) {
                throw new IllegalArgumentException("the text holds the special token " + matcher.group()
                        + ", which is refused, at character " + matcher.start());
            }
            encodePlain(composed(Utf8.encode(text.subSequence(at, matcher.start()))), out);
            out.add(specialTokens.id(matcher.group()));
            at = matcher.end();
        }
        encodePlain(composed(Utf8.encode(text.subSequence(at, text.length()))), out);
        return out.toArray();
    }

    /// The tokens of UTF-8 text, or of any bytes: those that are not well-formed UTF-8 are pieces of their own.
    public int[] encode(byte[] text) {
        TokenBuffer out = new TokenBuffer(text.length / BYTES_A_TOKEN);
        encodePlain(composed(text), out);
        return out.toArray();
    }

    /// The same tokens, encoded by several threads.
    public int[] encode(byte[] text, ParallelLoop loop) {
        byte[] composed = composed(text);
        return Portions.concatenation(
                Portions.of(composed, composed.length, splitPattern).encode(this, loop));
    }

    /// Encodes a text as it comes, or one larger than memory.
    ///
    /// @param loop the threads that share the work
    /// @param sink takes the tokens
    public TextEncoder textEncoder(ParallelLoop loop, TokenSink sink) {
        return new TextEncoder(this, loop, sink);
    }

    /// The tokens of `text[from]` to `text[to - 1]`, composed already, as a text of its own.
    int[] encodePart(byte[] text, int from, int to) {
        TokenBuffer out = new TokenBuffer();
        encodePlain(text, from, to, out);
        return out.toArray();
    }

    private void encodePlain(byte[] text, TokenBuffer out) {
        encodePlain(text, 0, text.length, out);
    }

    private void encodePlain(byte[] text, int start, int end, TokenBuffer out) {
        PieceEncoder encoder = takeEncoder();
        SplitPattern.PieceSink pieces = (bytes, from, count) -> encoder.encode(bytes, from, count, out);
        int done = start;
        for (int at = start; at < end && !words.isEmpty(); ) {
            int word = words.at(text, at, end);
            if (word < 0) {
                at++;
                continue;
            }
            splitPattern.split(text, done, at, pieces);
            out.add(words.token(word));
            at += words.length(word);
            done = at;
        }
        splitPattern.split(text, done, end, pieces);
        idleEncoders.add(encoder);
    }

    /// Whether merging the bytes of a token gives this token. If not, no text has it, unless pieces that are tokens are
    /// not merged.
    boolean isReachable(int token) {
        byte[] bytes = vocabulary.bytes(token);
        if (specialTokens.contains(token)) {
            return false;
        }
        PieceEncoder encoder = takeEncoder();
        TokenBuffer out = new TokenBuffer();
        encoder.encode(bytes, 0, bytes.length, out);
        idleEncoders.add(encoder);
        return out.size() == 1 && out.last() == token;
    }

    private PieceEncoder takeEncoder() {
        PieceEncoder idle = idleEncoders.poll();
        return idle != null
                ? idle
                : new PieceEncoder(byteTokens, mergeTable, vocabulary, wholePieces, specialTokens, this::trie);
    }

    /// Made when the first long piece comes: most texts have none.
    private synchronized TokenTrie trie() {
        if (trie == null) {
            trie = new TokenTrie(vocabulary);
        }
        return trie;
    }

    /// The bytes of a run of tokens. A special token gives its name.
    ///
    /// @throws IllegalArgumentException if a token is not in the vocabulary
    public byte[] decode(int... tokens) {
        long length = 0;
        for (int i = 0; i < tokens.length; i++) {
            if (!vocabulary.contains(tokens[i])) {
                throw new IllegalArgumentException("decode: token " + tokens[i] + " at position " + i
                        + " is outside the vocabulary of " + vocabulary.size());
            }
            length += vocabulary.length(tokens[i]);
        }
        byte[] bytes = new byte[Math.toIntExact(length)];
        int at = 0;
        for (int token : tokens) {
            at += vocabulary.copy(token, bytes, at);
        }
        return bytes;
    }

    /// Where each of a run of tokens begins in the bytes that it stands for, and, as the last element, where the last
    /// one ends. Token i is bytes `offsets[i]` to `offsets[i + 1] - 1` of what was encoded, [composed][#composed].
    ///
    /// @throws IllegalArgumentException if a token is not in the vocabulary
    public int[] offsets(int... tokens) {
        int[] offsets = new int[tokens.length + 1];
        for (int i = 0; i < tokens.length; i++) {
            if (!vocabulary.contains(tokens[i])) {
                throw new IllegalArgumentException("token " + tokens[i] + " at position " + i
                        + " is outside the vocabulary of " + vocabulary.size());
            }
            offsets[i + 1] = Math.addExact(offsets[i], vocabulary.length(tokens[i]));
        }
        return offsets;
    }

    /// The text of one token for display: characters as they are, control characters and bytes that are no whole
    /// character in hexadecimal, as in `‹E2 82›`.
    ///
    /// @throws IndexOutOfBoundsException if there is no such token
    public String display(int token) {
        return Utf8.display(vocabulary.bytes(token));
    }

    /// The text of a run of tokens. Bytes that are not UTF-8 show as U+FFFD, as when a run ends inside a character.
    public String decodeText(int... tokens) {
        return new String(decode(tokens), StandardCharsets.UTF_8);
    }

    /// Decodes tokens one by one as they come.
    public TextDecoder textDecoder() {
        return new TextDecoder(this);
    }

    /// A SHA-256 over all that decides what a text becomes, in hexadecimal: two tokenizers with the same fingerprint
    /// encode alike.
    public String fingerprint() {
        return Fingerprint.of(this);
    }
}
