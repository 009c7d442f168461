package torrefy.tokenizer;

import static torrefy.tokenizer.CharacterClass.BLANK;
import static torrefy.tokenizer.CharacterClass.CASELESS;
import static torrefy.tokenizer.CharacterClass.LETTER;
import static torrefy.tokenizer.CharacterClass.LINE_END;
import static torrefy.tokenizer.CharacterClass.LOWER;
import static torrefy.tokenizer.CharacterClass.MARK;
import static torrefy.tokenizer.CharacterClass.NONE;
import static torrefy.tokenizer.CharacterClass.NUMBER;
import static torrefy.tokenizer.CharacterClass.OTHER;
import static torrefy.tokenizer.CharacterClass.SPACE;
import static torrefy.tokenizer.CharacterClass.UPPER;
import static torrefy.tokenizer.CharacterClass.classOf;
import static torrefy.tokenizer.CharacterClass.lengthOf;
import static torrefy.tokenizer.CharacterClass.runEnd;

/// A well-known split pattern, written by hand: finds the end of the piece that begins at a place. Each reads the
/// alternatives of its regular expression in order, quoted where they are tried, and never looks at a byte more than
/// a few times. The text ends, for a pattern, before a byte that is no character.
sealed interface PieceScanner {

    /// The end of the piece that begins with the well-formed character at `text[at]`; `at < to`.
    int end(byte[] text, int at, int to);

    /// GPT-2: `'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`.
    record Gpt2() implements PieceScanner {

        @Override
        public int end(byte[] text, int at, int to) {
            if (text[at] == '\'') {
                int contraction = contractionEnd(text, at, to, false);
                if (contraction > at) {
                    return contraction;
                }
            }
            int start = text[at] == ' ' ? at + 1 : at;
            int kind = classOf(CharacterClass.at(text, start, to));
            // ` ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+`
            if ((kind & LETTER) != 0) {
                return runEnd(text, start, to, LETTER);
            }
            if (kind == NUMBER) {
                return runEnd(text, start, to, NUMBER);
            }
            if ((kind & OTHER) != 0) {
                return runEnd(text, start, to, OTHER);
            }
            return spaceEnd(text, at, runEnd(text, at, to, SPACE), to);
        }
    }

    /// GPT-4 and its relatives:
    /// `'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}|
    /// ?[^\s\p{L}\p{N}]+[\r\n]*|\s+\z|\s*[\r\n]|\s+(?!\S)|\s`.
    ///
    /// @param digits how many a number's pieces have, at most; 3 in GPT-4's, 1 in others
    /// @param keepsLast whether white space at the end of the text is one piece, `\s+\z`, line ends or not
    record Gpt4(int digits, boolean keepsLast) implements PieceScanner {

        @Override
        public int end(byte[] text, int at, int to) {
            int found = CharacterClass.at(text, at, to);
            int kind = classOf(found);
            // `'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?\p{L}+`
            if ((kind & LETTER) != 0) {
                return runEnd(text, at, to, LETTER);
            }
            if (text[at] == '\'') {
                int contraction = contractionEnd(text, at, to, true);
                if (contraction > at) {
                    return contraction;
                }
            }
            if (kind == NUMBER) {
                return digitsEnd(text, at, to, digits);
            }
            if (kind != LINE_END) {
                int second = at + lengthOf(found);
                int secondKind = classOf(CharacterClass.at(text, second, to));
                if ((secondKind & LETTER) != 0) {
                    return runEnd(text, second, to, LETTER);
                }
                // ` ?[^\s\p{L}\p{N}]+[\r\n]*`
                if ((kind & OTHER) != 0 || text[at] == ' ' && (secondKind & OTHER) != 0) {
                    return runEnd(text, runEnd(text, second, to, OTHER), to, LINE_END);
                }
            }
            // `\s+\z|\s*[\r\n]|\s+(?!\S)|\s`
            int run = runEnd(text, at, to, SPACE);
            if (keepsLast && CharacterClass.at(text, run, to) == NONE) {
                return run;
            }
            int line = lastLineEnd(text, at, run);
            return line > at ? line : spaceEnd(text, at, run, to);
        }
    }

    /// GPT-4o (`o200k`): words are cut before a capital letter that follows a small one, and keep their contraction.
    record Gpt4o() implements PieceScanner {

        /// `[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]`.
        private static final int FIRST = UPPER | CASELESS | MARK;
        /// `[\p{Ll}\p{Lm}\p{Lo}\p{M}]`.
        private static final int REST = LOWER | CASELESS | MARK;

        @Override
        public int end(byte[] text, int at, int to) {
            int found = CharacterClass.at(text, at, to);
            int kind = classOf(found);
            int second = at + lengthOf(found);
            // The optional `[^\r\n\p{L}\p{N}]?` before a word is tried with a character first, and then without.
            boolean mayLead = (kind & (BLANK | OTHER)) != 0;
            boolean mayBegin = (kind & (LETTER | MARK)) != 0;
            if (mayLead && (classOf(CharacterClass.at(text, second, to)) & (LETTER | MARK)) != 0) {
                int word = smallWordEnd(text, second, to);
                if (word < 0 && mayBegin) {
                    word = smallWordEnd(text, at, to);
                }
                if (word < 0) {
                    word = runEnd(text, second, to, FIRST);
                }
                return contracted(text, word, to);
            }
            if (mayBegin) {
                int word = smallWordEnd(text, at, to);
                return contracted(text, word < 0 ? runEnd(text, at, to, FIRST) : word, to);
            }
            if (kind == NUMBER) {
                return digitsEnd(text, at, to, 3);
            }
            // ` ?[^\s\p{L}\p{N}]+[\r\n/]*`
            int start = text[at] == ' ' ? at + 1 : at;
            int signs = runEnd(text, start, to, OTHER);
            if (signs > start) {
                while (signs < to && (text[signs] == '\r' || text[signs] == '\n' || text[signs] == '/')) {
                    signs++;
                }
                return signs;
            }
            // `\s*[\r\n]+|\s+(?!\S)|\s+`
            int run = runEnd(text, at, to, SPACE);
            int line = lastLineEnd(text, at, run);
            return line > at ? line : spaceEnd(text, at, run, to);
        }

        /// `[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+`, or -1. Where no small letter follows, the
        /// first part gives characters back until the second has one, which is then its last.
        private static int smallWordEnd(byte[] text, int at, int to) {
            int first = runEnd(text, at, to, FIRST);
            int rest = runEnd(text, first, to, REST);
            if (rest > first) {
                return rest;
            }
            int last = -1;
            for (int i = at; i < first; ) {
                int found = CharacterClass.at(text, i, to);
                i += lengthOf(found);
                if ((classOf(found) & REST) != 0) {
                    last = i;
                }
            }
            return last;
        }

        /// `(?i:'s|'t|'re|'ve|'m|'ll|'d)?`
        private static int contracted(byte[] text, int at, int to) {
            return at < to && text[at] == '\'' ? contractionEnd(text, at, to, true) : at;
        }
    }

    /// `'(?:[sdmt]|ll|ve|re)` at the apostrophe `text[at]`; `at` if there is none.
    ///
    /// @param anyCase whether capital letters count, and the long s (U+017F), which is a form of s
    private static int contractionEnd(byte[] text, int at, int to, boolean anyCase) {
        int first = letter(text, at + 1, to, anyCase);
        int second = letter(text, at + 2, to, anyCase);
        if (first == 's' || first == 'd' || first == 'm' || first == 't') {
            return at + 2;
        }
        if (first == 'l' && second == 'l' || (first == 'v' || first == 'r') && second == 'e') {
            return at + 3;
        }
        boolean isLongS = anyCase && at + 2 < to && text[at + 1] == (byte) 0xC5 && text[at + 2] == (byte) 0xBF;
        return isLongS ? at + 3 : at;
    }

    /// The small letter at a place, if there is an ASCII letter; some other value if not.
    private static int letter(byte[] text, int at, int to, boolean anyCase) {
        if (at >= to) {
            return 0;
        }
        int value = text[at];
        return anyCase && value >= 'A' && value <= 'Z' ? value + 'a' - 'A' : value;
    }

    /// `\p{N}{1,most}`.
    private static int digitsEnd(byte[] text, int at, int to, int most) {
        int end = at;
        for (int count = 0; count < most; count++) {
            int found = CharacterClass.at(text, end, to);
            if (classOf(found) != NUMBER) {
                break;
            }
            end += lengthOf(found);
        }
        return end;
    }

    /// `\s*[\r\n]`: after the last line end of a run of white space; `at` if it has none.
    private static int lastLineEnd(byte[] text, int at, int run) {
        int end = run;
        while (end > at && text[end - 1] != '\r' && text[end - 1] != '\n') {
            end--;
        }
        return end;
    }

    /// `\s+(?!\S)|\s`: a run of white space without its last character, which belongs to what follows; all of it if
    /// nothing follows, or if it is one character.
    private static int spaceEnd(byte[] text, int at, int run, int to) {
        if (CharacterClass.at(text, run, to) == NONE) {
            return run;
        }
        int last = run - 1;
        while (text[last] >> 6 == -2) {
            last--;
        }
        return last > at ? last : run;
    }
}
