package torrefy.tokenizer.corpus.filter;

import torrefy.tokenizer.corpus.read.TextForm;

/// The repetition rules of Gopher: Rae et al., *Scaling Language Models* (arXiv 2112.11446), table A1. A text is
/// rejected if more than these shares of it are repetition:
///
/// | of | lines | paragraphs | characters in such lines | in such paragraphs | in the top 2-, 3-, 4-gram | in repeated
/// 5- … 10-grams |
/// |---|---|---|---|---|---|---|
/// | at most | 0.30 | 0.30 | 0.20 | 0.20 | 0.20, 0.18, 0.16 | 0.15, 0.14, 0.13, 0.12, 0.11, 0.10 |
///
/// A line or n-gram counts as repeated from its second appearance on; the top n-gram is the one that appears most
/// often. Characters are counted once, however many n-grams cover them. Chance alone repeats a few n-grams in a long
/// text, so texts are looked at in
/// stretches of 20,000 words at most, as the first one rejects.
public record GopherRepetition() implements TextFilter {

    private static final double MOST_LINES = 0.30;
    private static final double MOST_PARAGRAPHS = 0.30;
    private static final double MOST_IN_LINES = 0.20;
    private static final double MOST_IN_PARAGRAPHS = 0.20;
    private static final double[] MOST_IN_TOP = {0.20, 0.18, 0.16};
    private static final double[] MOST_IN_REPEATED = {0.15, 0.14, 0.13, 0.12, 0.11, 0.10};
    private static final int STRETCH = 20_000;

    @Override
    public String name() {
        return "gopher-repetition";
    }

    @Override
    public String source() {
        return "Rae et al. 2021, arXiv 2112.11446, table A1: repeated lines, paragraphs and n-grams";
    }

    @Override
    public boolean appliesTo(TextForm form) {
        return form != TextForm.CODE;
    }

    @Override
    public Judgement judge(TextView text) {
        Repeats lines = Repeats.ofLines(text);
        if (lines.share() > MOST_LINES) {
            return Judgement.reject("share of repeated lines", lines.share(), ">", MOST_LINES);
        }
        if (lines.ofCharacters() > MOST_IN_LINES) {
            return Judgement.reject("share of characters in repeated lines", lines.ofCharacters(), ">", MOST_IN_LINES);
        }
        Repeats paragraphs = Repeats.ofParagraphs(text);
        if (paragraphs.share() > MOST_PARAGRAPHS) {
            return Judgement.reject("share of repeated paragraphs", paragraphs.share(), ">", MOST_PARAGRAPHS);
        }
        if (paragraphs.ofCharacters() > MOST_IN_PARAGRAPHS) {
            return Judgement.reject(
                    "share of characters in repeated paragraphs", paragraphs.ofCharacters(), ">", MOST_IN_PARAGRAPHS);
        }
        for (int from = 0; from < text.words(); from += STRETCH) {
            Judgement judgement = judge(new NGrams(text, from, Math.min(text.words(), from + STRETCH)));
            if (judgement != null) {
                return judgement;
            }
        }
        return Judgement.keep(text);
    }

    private static Judgement judge(NGrams grams) {
        for (int i = 0; i < MOST_IN_TOP.length; i++) {
            if (grams.mostOfTop(i + 2) <= MOST_IN_TOP[i]) {
                continue;
            }
            double share = grams.shareOfTop(i + 2);
            if (share > MOST_IN_TOP[i]) {
                return Judgement.reject(
                        "share of characters in the top " + (i + 2) + "-gram", share, ">", MOST_IN_TOP[i]);
            }
        }
        // A character in a repeated n-gram is in a repeated (n - 1)-gram, so the shares only fall with n.
        for (int i = 0; i < MOST_IN_REPEATED.length; i++) {
            double share = grams.shareOfRepeated(i + 5);
            if (share > MOST_IN_REPEATED[i]) {
                return Judgement.reject(
                        "share of characters in repeated " + (i + 5) + "-grams", share, ">", MOST_IN_REPEATED[i]);
            }
            if (share < MOST_IN_REPEATED[MOST_IN_REPEATED.length - 1]) {
                break;
            }
        }
        return null;
    }
}
