package torrefy.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Cuts text with a regular expression: the pieces are its matches and what lies between them.
///
/// A regular expression can take exponential time, or a stack frame for every character. It gets a budget of
/// characters to look at, linear in the text, and when that is spent the text is refused, not waited for.
record RegexSplitter(Pattern pattern) {

    private static final long LOOKS_PER_CHARACTER = 500;
    private static final long LOOKS_AT_LEAST = 1_000_000;

    /// Thrown inside the regular expression engine, which knows no other way to be stopped.
    private static final class BudgetSpent extends RuntimeException {
        private static final long serialVersionUID = 1;

        BudgetSpent() {
            super(null, null, false, false);
        }
    }

    /// Counts how often a character is looked at.
    private static final class Budgeted implements CharSequence {
        private final String text;
        private long left;

        Budgeted(String text) {
            this.text = text;
            left = Math.max(LOOKS_AT_LEAST, LOOKS_PER_CHARACTER * text.length());
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            if (--left < 0) {
                throw new BudgetSpent();
            }
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.subSequence(start, end);
        }
    }

    /// Passes the pieces of well-formed UTF-8 to `sink`.
    ///
    /// @throws IllegalArgumentException if the pattern does not come to an end on this text
    void split(byte[] text, int from, int to, SplitPattern.PieceSink sink) {
        String characters = new String(text, from, to - from, StandardCharsets.UTF_8);
        boolean ascii = characters.length() == to - from;
        Matcher matcher = pattern.matcher(new Budgeted(characters));
        int position = 0;
        int at = from;
        while (find(matcher, position)) {
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

    private boolean find(Matcher matcher, int position) {
        try {
            return matcher.find();
        } catch (BudgetSpent e) {
            throw new IllegalArgumentException("split pattern " + pattern + " backtracks without end: it was stopped at"
                    + " character " + position + " of a text after more looks at it than any good pattern needs");
        } catch (StackOverflowError e) {
            throw new IllegalArgumentException("split pattern " + pattern + " needs more stack than there is, at"
                    + " character " + position + " of a text: write repeated groups possessively, or as a class");
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
}
