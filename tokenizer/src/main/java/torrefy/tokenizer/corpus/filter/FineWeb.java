package torrefy.tokenizer.corpus.filter;

import torrefy.tokenizer.corpus.read.TextForm;

/// The three rules that FineWeb added: Penedo et al., *The FineWeb Datasets* (arXiv 2406.17557), 3.4. A text is
/// rejected if at most 12 % of its lines end with punctuation, or at least 10 % of its characters stand in repeated
/// lines, or at least 67 % of its lines are shorter than 30 characters.
///
/// Made for web pages, where a line is a paragraph. Verse fails the third rule.
public record FineWeb() implements TextFilter {

    private static final double FEWEST_PUNCTUATED = 0.12;
    private static final double MOST_REPEATED = 0.1;
    private static final double MOST_SHORT = 0.67;
    private static final int SHORT = 30;
    private static final String PUNCTUATION = ".!?:;,\"')]}”’»…。！？";

    @Override
    public String name() {
        return "fineweb";
    }

    @Override
    public String source() {
        return "Penedo et al. 2024, arXiv 2406.17557, 3.4: lines without punctuation, repeated, short";
    }

    @Override
    public boolean appliesTo(TextForm form) {
        return form != TextForm.CODE;
    }

    @Override
    public Judgement judge(TextView text) {
        int lines = 0;
        int punctuated = 0;
        int shorter = 0;
        for (int i = 0; i < text.lines(); i++) {
            int end = text.lineEnd(i);
            if (end > text.lineStart(i)) {
                lines++;
                punctuated += PUNCTUATION.indexOf(text.text().charAt(end - 1)) >= 0 ? 1 : 0;
                shorter += text.text().codePointCount(text.lineStart(i), end) < SHORT ? 1 : 0;
            }
        }
        double withPunctuation = (double) punctuated / Math.max(1, lines);
        if (withPunctuation <= FEWEST_PUNCTUATED) {
            return Judgement.reject("share of lines ending in punctuation", withPunctuation, "<=", FEWEST_PUNCTUATED);
        }
        double repeated = Repeats.ofLines(text).ofCharacters();
        if (repeated >= MOST_REPEATED) {
            return Judgement.reject("share of characters in repeated lines", repeated, ">=", MOST_REPEATED);
        }
        double shortLines = (double) shorter / Math.max(1, lines);
        return shortLines >= MOST_SHORT
                ? Judgement.reject("share of short lines", shortLines, ">=", MOST_SHORT)
                : Judgement.keep(text);
    }
}
