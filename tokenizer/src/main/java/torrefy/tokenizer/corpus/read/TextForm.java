package torrefy.tokenizer.corpus.read;

import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// What kind of text a document is, told by the end of its name.
public enum TextForm {
    PROSE,
    MARKDOWN,
    HTML,
    CODE;

    private static final Map<TextForm, Set<String>> ENDINGS = Map.of(
            MARKDOWN,
            Set.of("md", "markdown"),
            HTML,
            Set.of("html", "htm", "xhtml"),
            CODE,
            Set.of(
                    ("java kt kts scala groovy gradle py pyi c h cc cpp cxx hpp hh m mm cs fs js mjs ts tsx jsx go rs rb php pl pm"
                                    + " swift dart lua r jl hs ml clj ex exs erl sh bash zsh ps1 bat sql css scss less json yaml yml"
                                    + " toml xml xsl xsd cmake properties mk s asm cl cu glsl vhd v tex proto")
                            .split(" ")));

    /// @param name of a file or an entry of an archive
    public static TextForm of(String name) {
        String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        for (Map.Entry<TextForm, Set<String>> form : ENDINGS.entrySet()) {
            if (form.getValue().contains(ending)) {
                return form.getKey();
            }
        }
        return PROSE;
    }
}
