package torrefy.tokenizer.corpus.filter;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import torrefy.tokenizer.corpus.read.TextForm;

/// C4's rules for lines: Raffel et al., *Exploring the Limits of Transfer Learning with a Unified Text-to-Text
/// Transformer* (JMLR 21, 2020), 2.2.
///
/// | what | becomes of it |
/// |---|---|
/// | marks of a citation: `[1]`, `[citation needed]`, `[edit]` | cut |
/// | a line that then does not end in a period, an exclamation mark, a question mark or an end quotation mark | cut |
/// | a line of fewer than 5 words | cut |
/// | a line with the word `javascript` | cut |
/// | a line about `terms of use`, a `privacy policy` or cookies | cut |
/// | a text of which fewer than 3 sentences are left | rejected |
///
/// Made for web pages, where a line is a paragraph. They leave 92 % of forty novels with a paragraph to a line,
/// and 14 % of the same wrapped at 72 characters; of verse, tables and headings nothing. So this filter is not
/// among the standard ones, and has no say in Markdown and code.
public record C4Lines() implements TextFilter {

    private static final int FEWEST_WORDS = 5;
    private static final int FEWEST_SENTENCES = 3;

    /// The four marks, and those that mean the same in other scripts.
    private static final String ENDS = ".!?\"”’»…。！？」";

    private static final String SENTENCE_ENDS = ".!?…。！？";
    private static final Pattern NOTICE = Pattern.compile(
            "javascript|terms of use|privacy policy|cookie policy|uses cookies|use of cookies|use cookies");
    private static final Pattern CITATION = Pattern.compile("\\[\\d{0,4}]|\\[edit]|\\[citation needed]");

    /// What becomes of a line.
    private enum Fate {
        KEPT(""),
        OPEN("without punctuation at the end"),
        SHORT("of fewer than 5 words"),
        NOTICE("of notices");

        private final String label;

        Fate(String label) {
            this.label = label;
        }
    }

    @Override
    public String name() {
        return "c4-lines";
    }

    @Override
    public String source() {
        return "Raffel et al. 2020, JMLR 21, 2.2: lines without punctuation at the end, short ones, notices; 3 sentences";
    }

    @Override
    public boolean appliesTo(TextForm form) {
        return form == TextForm.PROSE || form == TextForm.HTML;
    }

    @Override
    public Judgement judge(TextView whole) {
        int citations = (int) CITATION.matcher(whole.text()).results().count();
        // First, because a sentence ends before its citations: "in 1990.[1]"
        TextView text = citations == 0
                ? whole
                : new TextView(CITATION.matcher(whole.text()).replaceAll(""), whole.form());
        StringBuilder kept = new StringBuilder();
        int[] lines = new int[Fate.values().length];
        boolean hasCut = false;
        int word = 0;
        for (int i = 0; i < text.lines(); i++) {
            int firstWord = word;
            while (word < text.words() && text.wordEnd(word) <= text.lineEnd(i)) {
                word++;
            }
            Fate fate = word == firstWord ? Fate.KEPT : fate(text, i, firstWord, word);
            lines[fate.ordinal()]++;
            // The empty lines after a line that is cut go with it.
            hasCut = fate != Fate.KEPT || hasCut && word == firstWord;
            if (!hasCut) {
                kept.append(text.line(i)).append('\n');
            }
        }
        String left = kept.toString();
        int sentences = sentences(left);
        if (sentences < FEWEST_SENTENCES) {
            return Judgement.reject("sentences left", sentences, "<", FEWEST_SENTENCES);
        }
        return left.strip().equals(whole.text().strip())
                ? Judgement.keep(whole)
                : Judgement.change(left, cuts(lines, citations));
    }

    private static Fate fate(TextView text, int line, int firstWord, int endWord) {
        if (ENDS.indexOf(text.text().charAt(text.wordEnd(endWord - 1) - 1)) < 0) {
            return Fate.OPEN;
        }
        if (endWord - firstWord < FEWEST_WORDS) {
            return Fate.SHORT;
        }
        String lower = text.line(line).toLowerCase(Locale.ROOT);
        return NOTICE.matcher(lower).find() ? Fate.NOTICE : Fate.KEPT;
    }

    /// Places where a mark that ends sentences, and perhaps a quotation mark, stand before white space or the end.
    private static int sentences(String text) {
        int count = 0;
        boolean isEnded = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isWhitespace(c)) {
                count += isEnded ? 1 : 0;
                isEnded = false;
            } else if (SENTENCE_ENDS.indexOf(c) >= 0) {
                isEnded = true;
            } else if (ENDS.indexOf(c) < 0) {
                isEnded = false;
            }
        }
        return count + (isEnded ? 1 : 0);
    }

    private static String cuts(int[] lines, int citations) {
        List<String> cuts = new ArrayList<>();
        for (Fate fate : Fate.values()) {
            if (fate != Fate.KEPT && lines[fate.ordinal()] > 0) {
                cuts.add(lines[fate.ordinal()] + " lines " + fate.label);
            }
        }
        if (citations > 0) {
            cuts.add(citations + " citations");
        }
        return "cut: " + String.join(" and ", cuts);
    }
}
