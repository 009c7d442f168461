package torrefy.tokenizer;

import java.lang.Character.UnicodeScript;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// How a tokenizer fares on a text: what its vocabulary is good for there, and which of its tokens are never used.
///
/// ```java
/// TokenUse use = new TokenUse(tokenizer);
/// texts.forEach(use::add);
/// double bytesPerToken = use.total().bytesPerToken();
/// ```
public final class TokenUse {

    /// Part of a text.
    ///
    /// @param bytes of the text
    /// @param tokens that stand for them
    public record Share(long bytes, long tokens) {

        /// How much text a token stands for; NaN if there is none.
        public double bytesPerToken() {
            return (double) bytes / tokens;
        }

        private Share plus(long moreBytes, long moreTokens) {
            return new Share(bytes + moreBytes, tokens + moreTokens);
        }
    }

    private final Tokenizer tokenizer;
    private final long[] counts;
    private final Map<UnicodeScript, Share> byScript = new EnumMap<>(UnicodeScript.class);
    private Share total = new Share(0, 0);
    private long singleBytes;

    public TokenUse(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
        counts = new long[tokenizer.vocabularySize()];
    }

    /// Adds a text in UTF-8, or any bytes.
    public void add(byte[] text) {
        int[] tokens = tokenizer.encode(text);
        total = total.plus(text.length, tokens.length);
        int at = 0;
        for (int token : tokens) {
            int length = tokenizer.vocabulary().length(token);
            counts[token]++;
            if (length == 1) {
                singleBytes++;
            }
            byScript.merge(
                    scriptOf(text, at, at + length),
                    new Share(length, 1),
                    (before, more) -> before.plus(more.bytes, more.tokens));
            at += length;
        }
    }

    /// The script of the first letter of a token, or of the character that the token is part of; `COMMON` if it has
    /// none, as spaces, digits and signs.
    private static UnicodeScript scriptOf(byte[] text, int from, int to) {
        int at = from;
        while (at > 0 && from - at < 3 && text[at] >> 6 == -2) {
            at--;
        }
        while (at < to) {
            int length = Math.max(1, Utf8.characterLength(text, at, text.length));
            UnicodeScript script = UnicodeScript.of(Utf8.codePoint(text, at, length));
            if (script != UnicodeScript.COMMON && script != UnicodeScript.INHERITED) {
                return script;
            }
            at += length;
        }
        return UnicodeScript.COMMON;
    }

    public Tokenizer tokenizer() {
        return tokenizer;
    }

    /// All text that was added.
    public Share total() {
        return total;
    }

    /// The text by the script of its letters. A token counts as a whole for the script of its first letter.
    public Map<UnicodeScript, Share> byScript() {
        return Map.copyOf(byScript);
    }

    /// The share of the tokens in the text that stand for a single byte.
    public double singleByteShare() {
        return (double) singleBytes / total.tokens;
    }

    /// How often a token stands in the text.
    public long count(int token) {
        return counts[token];
    }

    /// The ordinary tokens that do not stand in the text.
    public IntStream unused() {
        return ordinary().filter(token -> counts[token] == 0);
    }

    /// The ordinary tokens that stand in no text at all: merging their own bytes leads elsewhere.
    public IntStream dead() {
        return ordinary().filter(token -> !tokenizer.isReachable(token));
    }

    /// The `count` longest ordinary tokens, the longest first.
    public List<Integer> longest(int count) {
        return ordinary()
                .boxed()
                .sorted(Comparator.comparing(tokenizer.vocabulary()::length).reversed())
                .limit(count)
                .toList();
    }

    /// Of the tokens in the text, how many have each length in bytes: element i stands for a length of i, the last for
    /// all that are longer.
    ///
    /// @param most the longest length with a number of its own
    public long[] lengths(int most) {
        long[] lengths = new long[most + 2];
        for (int token = 0; token < counts.length; token++) {
            lengths[Math.min(most + 1, tokenizer.vocabulary().length(token))] += counts[token];
        }
        return lengths;
    }

    private IntStream ordinary() {
        return IntStream.range(0, counts.length)
                .filter(token -> tokenizer.vocabulary().contains(token)
                        && !tokenizer.specialTokens().contains(token));
    }
}
