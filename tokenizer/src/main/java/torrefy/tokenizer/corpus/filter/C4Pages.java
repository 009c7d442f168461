package torrefy.tokenizer.corpus.filter;

import java.util.Locale;
import torrefy.tokenizer.corpus.read.TextForm;

/// C4's rules for whole pages: Raffel et al., *Exploring the Limits of Transfer Learning with a Unified Text-to-Text
/// Transformer* (JMLR 21, 2020), 2.2. A text is rejected if `lorem ipsum` stands in it, or a curly bracket, which
/// hardly any natural text has and most programming languages do.
///
/// The second rule takes every page about programming, so this filter is not among the standard ones.
public record C4Pages() implements TextFilter {

    private static final String PLACEHOLDER = "lorem ipsum";

    @Override
    public String name() {
        return "c4-pages";
    }

    @Override
    public String source() {
        return "Raffel et al. 2020, JMLR 21, 2.2: no page with lorem ipsum or a curly bracket";
    }

    @Override
    public boolean appliesTo(TextForm form) {
        return form == TextForm.PROSE || form == TextForm.HTML;
    }

    @Override
    public Judgement judge(TextView text) {
        int bracket = text.text().indexOf('{');
        if (bracket >= 0 || text.text().indexOf('}') >= 0) {
            return Judgement.reject("a curly bracket");
        }
        return text.text().toLowerCase(Locale.ROOT).contains(PLACEHOLDER)
                ? Judgement.reject(PLACEHOLDER)
                : Judgement.keep(text);
    }
}
