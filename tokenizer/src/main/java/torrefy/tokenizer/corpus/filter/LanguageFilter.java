package torrefy.tokenizer.corpus.filter;

import java.util.Set;
import java.util.TreeSet;
import torrefy.tokenizer.corpus.read.TextForm;

/// Keeps texts in some languages, as [LanguageGuess] tells them, and rejects all others and those whose language it
/// cannot tell. It has no say in code.
///
/// @param wanted ISO 639-1 codes
public record LanguageFilter(Set<String> wanted) implements TextFilter {

    public static final String NAME = "language";

    /// Comes before the codes in the name that the catalogue knows the filter by: `language=de+en`.
    public static final String PREFIX = NAME + "=";

    /// @throws IllegalArgumentException if there is none, or one cannot be told; the message lists those that can
    public LanguageFilter {
        wanted = Set.copyOf(wanted);
        for (String code : new TreeSet<>(wanted)) {
            if (!LanguageGuess.codes().contains(code)) {
                throw new IllegalArgumentException("language '" + code + "' cannot be told; these can: "
                        + String.join(", ", LanguageGuess.codes()));
            }
        }
        if (wanted.isEmpty()) {
            throw new IllegalArgumentException("no language is wanted");
        }
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String source() {
        return "script, letters and commonest words, by naive Bayes; our own lists of words";
    }

    @Override
    public boolean appliesTo(TextForm form) {
        return form != TextForm.CODE;
    }

    @Override
    public Judgement judge(TextView text) {
        LanguageGuess guess = LanguageGuess.of(text);
        return wanted.contains(guess.code()) ? Judgement.keep(text) : Judgement.reject("language " + guess.code());
    }
}
