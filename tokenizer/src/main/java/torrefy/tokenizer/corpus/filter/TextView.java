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

    /// Where words begin and end: that of word w at 2w, its end at 2w + 1.
    private final int[] wordEdges;
    private final int[] lineStarts;
    private final int words;
    private final int lines;
    private long[] wordHashes;

    public TextView(String text, TextForm form) {
        this.text = text;
        this.form = form;
        int length = text.length();
        int[] edges = new int[length / 3 + 8];
        int[] lineAt = new int[length / 20 + 8];
        int edge = 0;
        int lineCount = 1;
        int wasWord = 0;
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            // The processor could not foresee a branch at the edges of words. The sign bit tells whether c > ' '.
            int isWord = c < Ascii.SIZE ? ' ' - c >>> 31 : isBlank(c) ? 0 : 1;
            edges[edge] = i;
            edge += wasWord ^ isWord;
            wasWord = isWord;
            if (edge == edges.length) {
                edges = Arrays.copyOf(edges, 2 * edge);
            }
            if (c == '\n' && i + 1 < length) {
                if (lineCount == lineAt.length) {
                    lineAt = Arrays.copyOf(lineAt, 2 * lineCount);
                }
                lineAt[lineCount++] = i + 1;
            }
        }
        edges[edge] = length;
        wordEdges = edges;
        lineStarts = lineAt;
        words = (edge + 1) / 2;
        lines = length == 0 ? 0 : lineCount;
    }

    private static boolean isBlank(char c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c);
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
        return wordEdges[2 * word];
    }

    public int wordEnd(int word) {
        return wordEdges[2 * word + 1];
    }

    public String word(int word) {
        return text.substring(wordStart(word), wordEnd(word));
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
            wordHashes = hashWords();
        }
        return wordHashes[word];
    }

    /// Lengthens sequences of words, of which `hashes` holds the [hashes][Hashing#append], by a word each: the i-th by
    /// word `first + i`.
    public void appendWords(long[] hashes, int first) {
        if (wordHashes == null) {
            wordHashes = hashWords();
        }
        long[] words = wordHashes;
        for (int i = 0; i < hashes.length; i++) {
            hashes[i] = Hashing.append(hashes[i], words[first + i]);
        }
    }

    private long[] hashWords() {
        long[] hashes = new long[words];
        for (int i = 0; i < words; i++) {
            hashes[i] = hash(wordStart(i), wordEnd(i));
        }
        return hashes;
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
            char c = text.charAt(i);
            int point = c < Ascii.SIZE ? c : text.codePointAt(i);
            int lower = c < Ascii.SIZE ? Ascii.lowerCase(c) : Character.toLowerCase(point);
            hash = (hash ^ lower) * FNV_PRIME;
            i += Character.charCount(point);
        }
        return Hashing.mix(hash);
    }

    /// Letters and digits of all planes of Unicode, and the marks that many scripts write vowels with: without its last
    /// mark, `की` would be the same word as `का`.
    private static boolean belongsToWord(int point) {
        if (point < Ascii.SIZE) {
            return Ascii.letterOrDigit(point) > 0;
        }
        return Character.isLetterOrDigit(point)
                || switch (Character.getType(point)) {
                    case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK -> true;
                    default -> false;
                };
    }
}
