package torrefy.tokenizer.corpus.filter;

import java.util.regex.Pattern;
import torrefy.tokenizer.corpus.read.TextForm;

/// The code profile. Rejected are files with a mean line of more than 100 characters or a line of more than 1000, with
/// less than 25 % letters and digits (Chen et al., *Evaluating Large Language Models Trained on Code*, arXiv
/// 2107.03374, 3.1; Li et al., *StarCoder*, arXiv 2305.06161, 3.3), and files that say in their first lines that a
/// program wrote them.
public record CodeQuality() implements TextFilter {

    private static final double LONGEST_MEAN_LINE = 100;
    private static final int LONGEST_LINE = 1000;
    private static final double FEWEST_ALPHANUMERIC = 0.25;
    private static final int HEAD_LINES = 5;

    /// With a look ahead that turns away most places before the alternatives are tried.
    private static final Pattern GENERATED = Pattern.compile(
            "(?i)(?=[amgd@])(?:(?:auto-?|automatically |machine[ -])generated|generated (?:by|from|file)|do not edit|@generated)");

    @Override
    public String name() {
        return "code-quality";
    }

    @Override
    public String source() {
        return "Chen et al. 2021, arXiv 2107.03374, 3.1; Li et al. 2023, arXiv 2305.06161, 3.3: line lengths, signs,"
                + " generated files";
    }

    @Override
    public boolean appliesTo(TextForm form) {
        return form == TextForm.CODE;
    }

    @Override
    public Judgement judge(TextView text) {
        int longest = 0;
        for (int i = 0; i < text.lines(); i++) {
            longest = Math.max(longest, text.lineEnd(i) - text.lineStart(i));
        }
        if (longest > LONGEST_LINE) {
            return Judgement.reject("longest line", longest, ">", LONGEST_LINE);
        }
        double mean = (double) text.text().length() / Math.max(1, text.lines());
        if (mean > LONGEST_MEAN_LINE) {
            return Judgement.reject("mean line", mean, ">", LONGEST_MEAN_LINE);
        }
        double alphanumeric = alphanumericShare(text.text());
        if (alphanumeric < FEWEST_ALPHANUMERIC) {
            return Judgement.reject("share of letters and digits", alphanumeric, "<", FEWEST_ALPHANUMERIC);
        }
        for (int i = 0; i < Math.min(HEAD_LINES, text.lines()); i++) {
            if (GENERATED.matcher(text.line(i)).find()) {
                return Judgement.reject("says that it is generated");
            }
        }
        return Judgement.keep(text);
    }

    private static double alphanumericShare(String text) {
        int count = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            count += c < Ascii.SIZE ? Ascii.letterOrDigit(c) : Character.isLetterOrDigit(c) ? 1 : 0;
        }
        return text.isEmpty() ? 0 : (double) count / text.length();
    }
}
