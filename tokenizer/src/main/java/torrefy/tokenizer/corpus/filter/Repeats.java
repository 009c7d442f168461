package torrefy.tokenizer.corpus.filter;

/// How much of a text is made of lines, or paragraphs, that have stood in it before.
///
/// @param units their number, empty ones not counted
/// @param repeated how many of them have stood there before
/// @param characters in all
/// @param repeatedCharacters in repeated ones
record Repeats(int units, int repeated, long characters, long repeatedCharacters) {

    double share() {
        return units == 0 ? 0 : (double) repeated / units;
    }

    double ofCharacters() {
        return characters == 0 ? 0 : (double) repeatedCharacters / characters;
    }

    static Repeats ofLines(TextView text) {
        Counter counter = new Counter(text.lines());
        for (int i = 0; i < text.lines(); i++) {
            counter.add(text.text(), text.lineStart(i), text.lineEnd(i));
        }
        return counter.repeats();
    }

    /// Paragraphs stand between empty lines.
    static Repeats ofParagraphs(TextView text) {
        Counter counter = new Counter(text.lines());
        int start = 0;
        for (int i = 0; i < text.lines(); i++) {
            if (text.lineStart(i) == text.lineEnd(i)) {
                counter.add(text.text(), start, text.lineEnd(i));
                start = text.lineEnd(i);
            }
        }
        counter.add(text.text(), start, text.text().length());
        return counter.repeats();
    }

    private static final class Counter {
        private final LongCounts seen;
        private int units;
        private int repeated;
        private long characters;
        private long repeatedCharacters;

        Counter(int expected) {
            seen = new LongCounts(expected);
        }

        void add(String text, int from, int to) {
            int start = from;
            int end = to;
            while (start < end && text.charAt(start) <= ' ') {
                start++;
            }
            while (end > start && text.charAt(end - 1) <= ' ') {
                end--;
            }
            if (start == end) {
                return;
            }
            units++;
            characters += end - start;
            if (seen.add(Hashing.of(text, start, end)) > 1) {
                repeated++;
                repeatedCharacters += end - start;
            }
        }

        Repeats repeats() {
            return new Repeats(units, repeated, characters, repeatedCharacters);
        }
    }
}
