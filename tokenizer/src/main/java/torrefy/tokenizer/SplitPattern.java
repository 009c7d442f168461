package torrefy.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// How text is cut into pieces before any merging: no token reaches over the edge of a piece.
///
/// The pieces are the matches of a regular expression, and what lies between matches, so together they are always the
/// whole text. Character classes are Unicode's (`\s` is the property White_Space), `\z` is the end of the text. A
/// byte that belongs to no well-formed UTF-8 character is a piece of its own; the text before it ends there.
public final class SplitPattern {

    /// GPT-2's: contractions, words, numbers and runs of other signs, each with the space before it.
    /// Source: Radford et al., "Language models are unsupervised multitask learners", 2019, its published encoder.
    public static final SplitPattern GPT_2 =
            new SplitPattern("'(?:[sdmt]|ll|ve|re)| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+");

    /// GPT-4's (`cl100k`): contractions in any case, any one sign before a word, numbers in groups of up to three
    /// digits, line ends kept with the signs before them. The published form writes some repetitions possessively and
    /// the end as `$`; this one matches the same and is read alike by other regular expression engines.
    public static final SplitPattern GPT_4 = new SplitPattern("'(?i:[sdmt]|ll|ve|re)"
            + "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+"
            + "|\\p{N}{1,3}"
            + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*"
            + "|\\s+\\z|\\s*[\\r\\n]|\\s+(?!\\S)|\\s");

    /// Takes the pieces of a text in order: `bytes[from]` to `bytes[from + count - 1]`, never empty.
    @FunctionalInterface
    interface PieceSink {
        void piece(byte[] bytes, int from, int count);
    }

    private final String regex;
    private final Pattern pattern;

    private SplitPattern(String regex) {
        this.regex = regex;
        this.pattern = Pattern.compile(regex, Pattern.UNICODE_CHARACTER_CLASS);
    }

    /// A pattern of your own, in the syntax of [Pattern].
    ///
    /// @throws IllegalArgumentException if it is not a regular expression
    public static SplitPattern of(String regex) {
        try {
            return new SplitPattern(regex);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("split pattern is not a regular expression: " + e.getDescription()
                    + " at position " + e.getIndex() + " of " + regex);
        }
    }

    /// The regular expression.
    public String regex() {
        return regex;
    }

    /// Passes the pieces of `text` to `sink`.
    void split(byte[] text, int from, int to, PieceSink sink) {
        int at = from;
        while (at < to) {
            int end = Utf8.wellFormedEnd(text, at, to);
            splitWellFormed(text, at, end, sink);
            at = end;
            while (at < to && Utf8.characterLength(text, at, to) <= 0) {
                sink.piece(text, at, 1);
                at++;
            }
        }
    }

    private void splitWellFormed(byte[] text, int from, int to, PieceSink sink) {
        String characters = new String(text, from, to - from, StandardCharsets.UTF_8);
        boolean ascii = characters.length() == to - from;
        Matcher matcher = pattern.matcher(characters);
        int position = 0;
        int at = from;
        while (matcher.find()) {
            if (matcher.end() == matcher.start()) {
                continue;
            }
            if (matcher.start() > position) {
                int gap = utf8Length(characters, position, matcher.start(), ascii);
                sink.piece(text, at, gap);
                at += gap;
            }
            int length = utf8Length(characters, matcher.start(), matcher.end(), ascii);
            sink.piece(text, at, length);
            at += length;
            position = matcher.end();
        }
        if (at < to) {
            sink.piece(text, at, to - at);
        }
    }

    private static int utf8Length(String characters, int from, int to, boolean ascii) {
        if (ascii) {
            return to - from;
        }
        int length = 0;
        for (int i = from; i < to; i++) {
            char c = characters.charAt(i);
            // Each half of a surrogate pair stands for two of the four bytes.
            length += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
        }
        return length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SplitPattern that && regex.equals(that.regex);
    }

    @Override
    public int hashCode() {
        return regex.hashCode();
    }

    @Override
    public String toString() {
        return regex;
    }
}
