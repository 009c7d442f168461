package torrefy.tokenizer.corpus.filter;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import torrefy.tokenizer.corpus.read.TextForm;

/// The language that a text is written in, told by its script, its letters and its commonest words.
///
/// The script with the most letters decides first; many languages have one to themselves. Among languages of a script
/// it is naive Bayes: of the languages L the one with the largest
///
/// ```
/// Σ over words w: log p(w | L)  +  Σ over letters c that L does not have: log p(c)
/// ```
///
/// where the word of rank r in the list of a language has p = 0.12 / (r + 2), by Zipf's law, and any other word
/// 0.0001. Words that are in no list say nothing. So a language is its list of words, which one can
/// read, and correct, in `languages.txt`.
///
/// Measured on the translated messages of a Debian system, from which no list was made and which are full of names
/// and English words: of texts of ten messages, some 150 words, 99.99 % are told right, in every language more
/// than 99.6 %; of single messages of ten words or more 93 %. Half of the rest are called unknown, and Norwegian
/// is taken for Danish, with which it shares most words. A language without a list is called unknown unless it is
/// close to another: Estonian four times in five, Afrikaans (taken for Dutch) and Galician (for Portuguese) never.
/// `LanguageAccuracy` among the tests measures it again.
///
/// @param code ISO 639-1; [#UNKNOWN] if too few of its words are common in any language
/// @param share of its words that are in the list of that language; 1 if it has its script to itself
public record LanguageGuess(String code, double share) {

    /// ISO 639-2's code for what cannot be told.
    public static final String UNKNOWN = "und";

    private static final double ZIPF = 0.12;
    private static final double LOG_OTHER_WORD = Math.log(1e-4);
    private static final double LOG_OTHER_LETTER = -3;

    private static final List<Language> LANGUAGES = load();
    private static final int COUNT = LANGUAGES.size();

    /// For the hash of a word, its logarithms for all languages.
    private static final Map<Long, double[]> WORDS = words();

    /// For a letter, its logarithms for all languages.
    private static final Map<Character, double[]> LETTERS = letters();

    /// A text is judged by so many of its words, spread evenly.
    private static final int MOST_WORDS = 2000;

    /// Of running text a third of the words or more are in the list.
    private static final double FEWEST_COMMON = 0.08;

    /// Of the characters of Japanese at least so many are kana.
    private static final double FEWEST_KANA = 0.1;

    /// The codes of all languages that are known.
    public static List<String> codes() {
        return LANGUAGES.stream().map(Language::code).toList();
    }

    public static LanguageGuess of(TextView text) {
        int step = text.words() / MOST_WORDS + 1;
        double[] score = new double[COUNT];
        int[] common = new int[COUNT];
        int[] letters = new int[Language.Script.values().length];
        int words = 0;
        for (int i = 0; i < text.words(); i += step) {
            addLetters(text, i, letters, score);
            long hash = text.wordHash(i);
            words += hash == 0 ? 0 : 1;
            double[] logs = WORDS.get(hash);
            for (int k = 0; logs != null && k < COUNT; k++) {
                score[k] += logs[k];
                common[k] += logs[k] > LOG_OTHER_WORD ? 1 : 0;
            }
        }
        return best(script(letters), score, common, words);
    }

    private static void addLetters(TextView text, int word, int[] letters, double[] score) {
        for (int i = text.wordStart(word); i < text.wordEnd(word); i++) {
            char c = text.text().charAt(i);
            if (!Character.isLetter(c)) {
                continue;
            }
            Language.Script script = Language.Script.of(c);
            if (script != null) {
                letters[script.ordinal()] += script.weight();
            }
            double[] logs = c < 128 ? null : LETTERS.get(Character.toLowerCase(c));
            for (int k = 0; logs != null && k < COUNT; k++) {
                score[k] += logs[k];
            }
        }
    }

    /// The one with the most letters, or null.
    private static Language.Script script(int[] letters) {
        int kana = letters[Language.Script.KANA.ordinal()];
        int han = letters[Language.Script.HAN.ordinal()];
        boolean isJapanese = kana > FEWEST_KANA * (kana + han);
        letters[Language.Script.KANA.ordinal()] = isJapanese ? kana + han : 0;
        letters[Language.Script.HAN.ordinal()] = isJapanese ? 0 : kana + han;
        int most = 0;
        for (int i = 1; i < letters.length; i++) {
            most = letters[i] > letters[most] ? i : most;
        }
        return letters[most] == 0 ? null : Language.Script.values()[most];
    }

    private static LanguageGuess best(Language.Script script, double[] score, int[] common, int words) {
        int best = -1;
        for (int k = 0; k < COUNT; k++) {
            if (LANGUAGES.get(k).script() == script && (best < 0 || score[k] > score[best])) {
                best = k;
            }
        }
        if (best < 0) {
            return new LanguageGuess(UNKNOWN, 0);
        }
        Language language = LANGUAGES.get(best);
        double share = language.words().isEmpty() ? 1 : (double) common[best] / Math.max(1, words);
        return new LanguageGuess(share < FEWEST_COMMON ? UNKNOWN : language.code(), share);
    }

    private static List<Language> load() {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                LanguageGuess.class.getResourceAsStream("languages.txt"), StandardCharsets.UTF_8))) {
            return lines.lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(Language::parse)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<Long, double[]> words() {
        Map<Long, double[]> logs = new HashMap<>();
        for (int k = 0; k < COUNT; k++) {
            List<String> words = LANGUAGES.get(k).words();
            for (int rank = 0; rank < words.size(); rank++) {
                long hash = new TextView(words.get(rank), TextForm.PROSE).wordHash(0);
                logs.computeIfAbsent(hash, unused -> filled(LOG_OTHER_WORD))[k] = Math.log(ZIPF / (rank + 3));
            }
        }
        return logs;
    }

    private static Map<Character, double[]> letters() {
        Map<Character, double[]> logs = new HashMap<>();
        for (int k = 0; k < COUNT; k++) {
            for (char letter : LANGUAGES.get(k).letters().toCharArray()) {
                logs.computeIfAbsent(letter, unused -> filled(LOG_OTHER_LETTER))[k] = 0;
            }
        }
        return logs;
    }

    private static double[] filled(double value) {
        double[] values = new double[COUNT];
        Arrays.fill(values, value);
        return values;
    }
}
