package torrefy.tokenizer;

import static torrefy.tokenizer.CharacterClass.LETTER;
import static torrefy.tokenizer.CharacterClass.NUMBER;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// How text is cut into pieces before any merging: no token reaches over the edge of a piece.
///
/// The pieces are the matches of a regular expression, and what lies between matches, so together they are always the
/// whole text. Character classes are Unicode's (`\s` is the property White_Space), `\z` is the end of the text. A
/// byte that belongs to no well-formed UTF-8 character is a piece of its own; the text before it ends there.
///
/// The patterns that are in common use, in any of their spellings, are not run by a regular expression engine but by
/// scanners written by hand, see [PieceScanner]; the pieces are the same.
public final class SplitPattern {

    private static final String SPACES = "|\\s+(?!\\S)|\\s+";
    private static final String ANY_CASE = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
    private static final String GPT_2_WORDS = "'(?:[sdmt]|ll|ve|re)| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+";
    private static final String GPT_4_WORDS =
            "'(?i:[sdmt]|ll|ve|re)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*";

    /// What Llama 3 made of GPT-4's, with `digits` for its numbers.
    private static String llama(String digits) {
        return ANY_CASE + "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|" + digits + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+"
                + SPACES;
    }

    /// The patterns with a scanner, in the spellings that are found in files.
    private static final Map<String, PieceScanner> SCANNERS = new HashMap<>();

    /// GPT-2's: contractions, words, numbers and runs of other signs, each with the space before it.
    /// Source: Radford et al., "Language models are unsupervised multitask learners", 2019, its published encoder.
    public static final SplitPattern GPT_2;

    /// GPT-4's (`cl100k`): contractions in any case, any one sign before a word, numbers in groups of up to three
    /// digits, line ends kept with the signs before them. The published form writes some repetitions possessively and
    /// the end as `$`; this one matches the same and is read alike by other regular expression engines.
    public static final SplitPattern GPT_4;

    /// GPT-4o's (`o200k`): like GPT-4's, but a word ends before a capital letter that follows a small one, marks
    /// belong to words, and a contraction stays with its word.
    public static final SplitPattern GPT_4O;

    /// Llama 3's: GPT-4's, but for white space at the end of a text.
    public static final SplitPattern LLAMA_3;

    /// Qwen 2's: Llama 3's with every digit by itself.
    public static final SplitPattern QWEN_2;

    /// SmolLM's: GPT-2's for what is left when every digit was cut out, so that no space stands with one. Its files say
    /// so in two steps; here it is one pattern.
    public static final SplitPattern SMOLLM;

    static {
        SCANNERS.put(GPT_2_WORDS + SPACES, new PieceScanner.Gpt2());
        SCANNERS.put(
                "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+" + SPACES, new PieceScanner.Gpt2());
        String gpt4 = GPT_4_WORDS + "|\\s+\\z|\\s*[\\r\\n]|\\s+(?!\\S)|\\s";
        SCANNERS.put(gpt4, new PieceScanner.Gpt4(3, true));
        // As tiktoken publishes them: `$` is the end of the text there.
        SCANNERS.put(
                "'(?:[sdmt]|ll|ve|re)| ?\\p{L}++| ?\\p{N}++| ?[^\\s\\p{L}\\p{N}]++|\\s++$|\\s+(?!\\S)|\\s",
                new PieceScanner.Gpt2());
        SCANNERS.put(
                "'(?i:[sdmt]|ll|ve|re)|[^\\r\\n\\p{L}\\p{N}]?+\\p{L}++|\\p{N}{1,3}+| ?[^\\s\\p{L}\\p{N}]++[\\r\\n]*+"
                        + "|\\s++$|\\s*[\\r\\n]|\\s+(?!\\S)|\\s",
                new PieceScanner.Gpt4(3, true));
        SCANNERS.put(llama("\\p{N}{1,3}"), new PieceScanner.Gpt4(3, false));
        SCANNERS.put(llama("\\p{N}"), new PieceScanner.Gpt4(1, false));
        String first = "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]";
        String rest = "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]";
        String gpt4o = "[^\\r\\n\\p{L}\\p{N}]?" + first + "*" + rest + "+" + ANY_CASE + "?|[^\\r\\n\\p{L}\\p{N}]?"
                + first + "+" + rest + "*" + ANY_CASE + "?|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+"
                + SPACES;
        SCANNERS.put(gpt4o, new PieceScanner.Gpt4o());
        GPT_2 = new SplitPattern(GPT_2_WORDS + SPACES);
        GPT_4 = new SplitPattern(gpt4);
        GPT_4O = new SplitPattern(gpt4o);
        LLAMA_3 = new SplitPattern(llama("\\p{N}{1,3}"));
        QWEN_2 = new SplitPattern(llama("\\p{N}"));
        SMOLLM =
                new SplitPattern("'(?:[sdmt]|ll|ve|re)| ?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+|\\s+(?=\\p{N})" + SPACES);
    }

    /// An anchor that is not escaped, and does not negate a class.
    private static final Pattern EDGE = Pattern.compile("(?<!\\\\)\\$|(?<![\\[\\\\])\\^");

    /// Takes the pieces of a text in order: `bytes[from]` to `bytes[from + count - 1]`, never empty.
    @FunctionalInterface
    interface PieceSink {
        void piece(byte[] bytes, int from, int count);
    }

    private final String regex;
    /// Null if the pattern is none of the known ones.
    private final PieceScanner scanner;
    /// Null if it is.
    private final RegexSplitter splitter;

    private SplitPattern(String regex) {
        this.regex = regex;
        scanner = SCANNERS.get(regex);
        splitter = scanner == null ? byEngine(regex) : null;
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

    /// A pattern from a file that other regular expression engines read: a known one in any spelling, or one that means
    /// the same to all.
    ///
    /// @throws IllegalArgumentException if it is not a regular expression, or has `^` or `$`, which are the edges of a
    ///     line to some engines and those of the text to others
    static SplitPattern ofFile(String regex) {
        boolean hasEdge = EDGE.matcher(regex).find();
        if (hasEdge && !SCANNERS.containsKey(regex)) {
            throw new IllegalArgumentException(
                    "split pattern " + regex
                            + " is not supported: ^ and $ mean different things to different programs; write \\z for the end of the text");
        }
        return of(regex);
    }

    /// A splitter that runs the regular expression as it stands, also where there is a scanner for it.
    static RegexSplitter byEngine(String regex) {
        return new RegexSplitter(Pattern.compile(regex, Pattern.UNICODE_CHARACTER_CLASS));
    }

    /// The regular expression.
    public String regex() {
        return regex;
    }

    /// Passes the pieces of `text` to `sink`.
    ///
    /// @throws IllegalArgumentException if a pattern of the caller's own does not come to an end on this text
    void split(byte[] text, int from, int to, PieceSink sink) {
        if (scanner == null) {
            splitByEngine(text, from, to, sink);
            return;
        }
        int at = from;
        while (at < to) {
            boolean isCharacter = text[at] >= 0 || Utf8.characterLength(text, at, to) > 0;
            int end = isCharacter ? scanner.end(text, at, to) : at + 1;
            sink.piece(text, at, end - at);
            at = end;
        }
    }

    private void splitByEngine(byte[] text, int from, int to, PieceSink sink) {
        int at = from;
        while (at < to) {
            int end = Utf8.wellFormedEnd(text, at, to);
            if (end > at) {
                splitter.split(text, at, end, sink);
            }
            at = end;
            while (at < to && Utf8.characterLength(text, at, to) <= 0) {
                sink.piece(text, at, 1);
                at++;
            }
        }
    }

    /// The last place after `from` and before `to` where a text may be cut in two without changing its pieces; -1 if
    /// there is none.
    ///
    /// It is one after a letter or a digit and before white space: no alternative of the known patterns goes across,
    /// and none looks from one side to the other. Of other patterns nothing is known, so there is none.
    int lastCut(byte[] text, int from, int to) {
        if (scanner == null) {
            return -1;
        }
        for (int at = to - 1; at > from; at--) {
            boolean isSpace = text[at] == ' ' || text[at] == '\n' || text[at] == '\r' || text[at] == '\t';
            if (isSpace && endsWithLetterOrDigit(text, from, at)) {
                return at;
            }
        }
        return -1;
    }

    private static boolean endsWithLetterOrDigit(byte[] text, int from, int to) {
        int start = to - 1;
        while (start > from && to - start < 4 && text[start] >> 6 == -2) {
            start--;
        }
        int found = CharacterClass.at(text, start, to);
        return (CharacterClass.classOf(found) & (LETTER | NUMBER)) != 0 && CharacterClass.lengthOf(found) == to - start;
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
