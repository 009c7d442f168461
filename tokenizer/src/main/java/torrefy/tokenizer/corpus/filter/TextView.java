package torrefy.tokenizer.corpus.filter;

import java.util.Arrays;
import torrefy.tokenizer.corpus.read.TextForm;

/// A text with its words and lines found once, for all filters to use.
///
/// A word is what stands between white space, as in the papers that the filters follow; a no-break space is white space
/// too. A line is what stands between line ends; empty ones count, because places are needed, and filters pass over
/// them.
public final class TextView {

    private static final long FNV_OFFSET = 0xCBF29CE484222325L;
    private static final long FNV_PRIME = 0x100000001B3L;

    private final String text;
    private final TextForm form;
    private final int[] wordStarts;
    private final int[] wordEnds;
    private final int[] lineStarts;
    private final int words;
    private final int lines;
    private long[] wordHashes;

    public TextView(String text, TextForm form) {
        this.text = text;
        this.form = form;
        int length = text.length();
        int[] starts = new int[length / 5 + 8];
        int[] ends = new int[starts.length];
        int[] lineAt = new int[length / 20 + 8];
        int count = 0;
        int lineCount = 0;
        int wordStart = -1;
        lineAt[lineCount++] = 0;
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            boolean blank = c <= ' ' || c > 127 && (Character.isWhitespace(c) || Character.isSpaceChar(c));
            if (blank) {
                if (wordStart >= 0) {
                    if (count == starts.length) {
                        starts = Arrays.copyOf(starts, 2 * count);
                        ends = Arrays.copyOf(ends, 2 * count);
                    }
                    starts[count] = wordStart;
                    ends[count++] = i;
                    wordStart = -1;
                }
                if (c == '\n' && i + 1 < length) {
                    if (lineCount == lineAt.length) {
                        lineAt = Arrays.copyOf(lineAt, 2 * lineCount);
                    }
                    lineAt[lineCount++] = i + 1;
                }
            } else if (wordStart < 0) {
                wordStart = i;
            }
        }
        if (wordStart >= 0) {
            starts = Arrays.copyOf(starts, count + 1);
            ends = Arrays.copyOf(ends, count + 1);
            starts[count] = wordStart;
            ends[count++] = length;
        }
        wordStarts = starts;
        wordEnds = ends;
        lineStarts = lineAt;
        words = count;
        lines = length == 0 ? 0 : lineCount;
    }

    public String text() {
        return text;
    }

    public TextForm form() {
        return form;
    }

    /// Number of words.
    public int words() {
        return words;
    }

    public int wordStart(int word) {
        return wordStarts[word];
    }

    public int wordEnd(int word) {
        return wordEnds[word];
    }

    public String word(int word) {
        return text.substring(wordStarts[word], wordEnds[word]);
    }

    /// Number of lines, empty ones included; an end of line at the end of the text begins none.
    public int lines() {
        return lines;
    }

    public int lineStart(int line) {
        return lineStarts[line];
    }

    /// Where a line ends, its `\n` not included.
    public int lineEnd(int line) {
        int next = line + 1 < lines ? lineStarts[line + 1] - 1 : text.length();
        return line + 1 == lines && next > lineStarts[line] && text.charAt(next - 1) == '\n' ? next - 1 : next;
    }

    public String line(int line) {
        return text.substring(lineStarts[line], lineEnd(line));
    }

    /// A 64-bit hash of a word, in which case and punctuation at its ends do not count: what n-grams are made of. It is
    /// 0 for a word of nothing but punctuation.
    public long wordHash(int word) {
        if (wordHashes == null) {
            wordHashes = new long[words];
            for (int i = 0; i < words; i++) {
                wordHashes[i] = hash(wordStarts[i], wordEnds[i]);
            }
        }
        return wordHashes[word];
    }

    private long hash(int from, int to) {
        int start = from;
        int end = to;
        while (start < end && !belongsToWord(text.codePointAt(start))) {
            start += Character.charCount(text.codePointAt(start));
        }
        while (end > start && !belongsToWord(text.codePointBefore(end))) {
            end -= Character.charCount(text.codePointBefore(end));
        }
        if (start == end) {
            return 0;
        }
        long hash = FNV_OFFSET;
        for (int i = start; i < end; ) {
            int point = text.codePointAt(i);
            int lower = point < 128 ? point >= 'A' && point <= 'Z' ? point + 32 : point : Character.toLowerCase(point);
            hash = (hash ^ lower) * FNV_PRIME;
            i += Character.charCount(point);
        }
        return Hashing.mix(hash);
    }

    /// Letters and digits of all planes of Unicode, and the marks that many scripts write vowels with: without its last
    /// mark, `की` would be the same word as `का`.
    private static boolean belongsToWord(int point) {
        if (Character.isLetterOrDigit(point)) {
            return true;
        }
        return switch (Character.getType(point)) {
            case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK -> true;
            default -> false;
        };
    }
}
