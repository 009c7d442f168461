package torrefy.tokenizer.corpus.filter;

import java.util.List;
import java.util.Locale;

/// What is known of a language: a line of `languages.txt`.
///
/// @param code ISO 639-1
/// @param letters those beyond the ones that all languages of its script have
/// @param words the commonest, the commonest first; none if it has its script to itself
record Language(String code, Script script, String letters, List<String> words) {

    /// What letters belong to. Han and kana are one script here, which Japanese mixes.
    enum Script {
        LATIN,
        CYRILLIC,
        ARABIC,
        GREEK,
        HEBREW,
        DEVANAGARI,
        THAI,
        HANGUL,
        KANA,
        HAN;

        private static final int LATIN_END = 0x250;

        /// Of a letter; null for letters of other scripts.
        static Script of(int letter) {
            if (letter < LATIN_END) {
                return LATIN;
            }
            return switch (Character.UnicodeScript.of(letter)) {
                case LATIN -> LATIN;
                case CYRILLIC -> CYRILLIC;
                case ARABIC -> ARABIC;
                case GREEK -> GREEK;
                case HEBREW -> HEBREW;
                case DEVANAGARI -> DEVANAGARI;
                case THAI -> THAI;
                case HANGUL -> HANGUL;
                case HIRAGANA, KATAKANA -> KANA;
                case HAN -> HAN;
                default -> null;
            };
        }

        /// A character that stands for a syllable or a word weighs as much as the letters that would spell it.
        int weight() {
            return this == HANGUL || this == KANA || this == HAN ? 3 : 1;
        }
    }

    /// @throws IllegalArgumentException if it is no such line
    static Language parse(String line) {
        String[] sides = line.split(" : ", 2);
        String[] head = sides[0].strip().split(" ");
        String letters = head.length < 3 || head[2].equals("-") ? "" : head[2];
        List<String> words = sides.length < 2
                ? List.of()
                : List.of(sides[1].strip().split(" ")).stream().distinct().toList();
        return new Language(head[0], Script.valueOf(head[1].toUpperCase(Locale.ROOT)), letters, words);
    }
}
