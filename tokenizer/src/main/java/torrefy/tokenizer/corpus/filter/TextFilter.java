package torrefy.tokenizer.corpus.filter;

import java.util.Locale;
import torrefy.tokenizer.corpus.read.TextForm;

/// One rule for what a corpus may hold. Stateless: any number of threads may use it at once.
public interface TextFilter {

    /// Its name in options and reports: a few words with hyphens.
    String name();

    /// Where the rule and its thresholds come from, and what it does, on one line.
    String source();

    /// Whether it has anything to say about texts of this form. Rules for prose would reject all code.
    default boolean appliesTo(TextForm form) {
        return true;
    }

    /// Judges a text.
    Judgement judge(TextView text);

    /// What a filter says about one text.
    ///
    /// @param text the text to go on with: the one it was given, or a changed one; null if it is rejected
    /// @param why if rejected or changed, in a few words with the figure that decided
    record Judgement(String text, String why) {

        static Judgement keep(TextView text) {
            return new Judgement(text.text(), null);
        }

        static Judgement change(String text, String how) {
            return new Judgement(text, how);
        }

        static Judgement reject(String why) {
            return new Judgement(null, why);
        }

        /// A rejection that shows the figure and its bound, as `mean word length 13.20 > 10`.
        static Judgement reject(String what, double is, String relation, double bound) {
            return reject(String.format(Locale.ROOT, "%s %.3g %s %.3g", what, is, relation, bound));
        }

        public boolean isRejected() {
            return text == null;
        }
    }
}
