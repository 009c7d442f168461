package torrefy.tokenizer.corpus.filter;

import java.util.HashSet;
import java.util.Set;
import torrefy.tokenizer.corpus.read.TextForm;

/// The quality rules of Gopher: Rae et al., *Scaling Language Models* (arXiv 2112.11446), appendix A.1.1.
///
/// | rejected if | |
/// |---|---|
/// | words | fewer than 50 or more than 100,000 |
/// | mean length of a word | outside 3 to 10 characters |
/// | `#`, or ellipses | more than 0.1 of them for each word |
/// | lines that begin with a bullet | more than 90 % |
/// | lines that end with an ellipsis | more than 30 % |
/// | words with a letter | fewer than 80 % |
/// | different words of `the be to of and that have with` | fewer than two |
///
/// The last rule takes texts for English. An upper bound of words other than 100,000 can be given: a book in one file
/// has more.
public record GopherQuality(int mostWords) implements TextFilter {

    private static final int FEWEST_WORDS = 50;
    private static final double SHORTEST_MEAN = 3;
    private static final double LONGEST_MEAN = 10;
    private static final double MOST_SYMBOLS = 0.1;
    private static final double MOST_BULLETS = 0.9;
    private static final double MOST_ELLIPSES = 0.3;
    private static final double FEWEST_LETTERS = 0.8;
    private static final int FEWEST_STOP_WORDS = 2;
    private static final Set<String> STOP_WORDS = Set.of("the", "be", "to", "of", "and", "that", "have", "with");

    @Override
    public String name() {
        return "gopher-quality";
    }

    @Override
    public String source() {
        return "Rae et al. 2021, arXiv 2112.11446, A.1.1: word counts and lengths, symbols, bullets, stop words";
    }

    @Override
    public boolean appliesTo(TextForm form) {
        return form != TextForm.CODE;
    }

    @Override
    public Judgement judge(TextView text) {
        int words = text.words();
        if (words < FEWEST_WORDS) {
            return Judgement.reject("words", words, "<", FEWEST_WORDS);
        }
        if (words > mostWords) {
            return Judgement.reject("words", words, ">", mostWords);
        }
        Judgement ofWords = judgeWords(text);
        return ofWords != null ? ofWords : judgeLines(text);
    }

    private static Judgement judgeWords(TextView text) {
        long characters = 0;
        int hashes = 0;
        int ellipses = 0;
        int withLetter = 0;
        Set<String> stopWords = new HashSet<>();
        for (int i = 0; i < text.words(); i++) {
            int start = text.wordStart(i);
            int end = text.wordEnd(i);
            boolean hasLetter = false;
            for (int at = start; at < end; ) {
                int c = text.text().codePointAt(at);
                hasLetter |= c < 128 ? (c | 0x20) >= 'a' && (c | 0x20) <= 'z' : Character.isLetter(c);
                boolean isDots = c == '.' && at + 2 < end && text.text().startsWith("...", at);
                hashes += c == '#' ? 1 : 0;
                ellipses += c == '…' || isDots ? 1 : 0;
                characters += isDots ? 3 : 1;
                at += isDots ? 3 : Character.charCount(c);
            }
            withLetter += hasLetter ? 1 : 0;
            if (end - start <= 4 && stopWords.size() < FEWEST_STOP_WORDS && STOP_WORDS.contains(text.word(i))) {
                stopWords.add(text.word(i));
            }
        }
        double mean = (double) characters / text.words();
        if (mean < SHORTEST_MEAN) {
            return Judgement.reject("mean word length", mean, "<", SHORTEST_MEAN);
        }
        if (mean > LONGEST_MEAN) {
            return Judgement.reject("mean word length", mean, ">", LONGEST_MEAN);
        }
        double perWord = (double) Math.max(hashes, ellipses) / text.words();
        if (perWord > MOST_SYMBOLS) {
            return Judgement.reject("symbols per word", perWord, ">", MOST_SYMBOLS);
        }
        double letters = (double) withLetter / text.words();
        if (letters < FEWEST_LETTERS) {
            return Judgement.reject("share of words with a letter", letters, "<", FEWEST_LETTERS);
        }
        return stopWords.size() < FEWEST_STOP_WORDS
                ? Judgement.reject("different stop words", stopWords.size(), "<", FEWEST_STOP_WORDS)
                : null;
    }

    private static Judgement judgeLines(TextView text) {
        int lines = 0;
        int bullets = 0;
        int ellipses = 0;
        for (int i = 0; i < text.lines(); i++) {
            String line = text.line(i).strip();
            if (!line.isEmpty()) {
                lines++;
                bullets += "•‣▶◀◦■□▪▫–-*●".indexOf(line.charAt(0)) >= 0 ? 1 : 0;
                ellipses += line.endsWith("…") || line.endsWith("...") ? 1 : 0;
            }
        }
        double bulleted = (double) bullets / lines;
        if (bulleted > MOST_BULLETS) {
            return Judgement.reject("share of bulleted lines", bulleted, ">", MOST_BULLETS);
        }
        double open = (double) ellipses / lines;
        return open > MOST_ELLIPSES
                ? Judgement.reject("share of lines ending in an ellipsis", open, ">", MOST_ELLIPSES)
                : Judgement.keep(text);
    }
}
