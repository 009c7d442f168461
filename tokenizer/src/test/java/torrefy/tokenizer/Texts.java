package torrefy.tokenizer;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Texts that tell tokenizers apart.
final class Texts {

    /// A sentence or two in many languages and scripts, code, and what patterns trip over.
    static final List<String> CHOSEN = List.of(
            "The quick brown fox can't jump; it'll sleep. They've said we're DON'T-ing, I'M sure, he'd say.",
            "Größe, Übermaß und Straßenbahn: das ist „schön“, nicht wahr?",
            "Быстрая лиса прыгает через забор, а собака спит.",
            "Η γρήγορη αλεπού πηδά πάνω από τον σκύλο.",
            "الثعلب السريع يقفز فوق الكلب الكسول.",
            "השועל המהיר קופץ מעל הכלב העצלן, בוודאי.",
            "तेज़ लोमड़ी आलसी कुत्ते के ऊपर कूदती है।",
            "หมาจิ้งจอกกระโดดข้ามสุนัขขี้เกียจ",
            "敏捷的狐狸跳过了懒狗。今天是2024年10月31日。",
            "すばやい狐がのろまな犬を飛び越えます。カタカナもあります。",
            "재빠른 여우가 게으른 개를 뛰어넘는다.",
            "public static void main(String[] args) {\n\t\tSystem.out.println(\"Hi!\" + args[0]);   // done\n}\r\n",
            "https://example.org/a/b?c=d&e=%20f#g user@example.org 192.168.0.1",
            "😀😃 👩‍🚀 👨‍👩‍👧‍👦 🏳️‍🌈 🇩🇪 👍🏽 ❤️",
            "e\u0301a\u0308o\u0302 n\u0303 \u0301alone \u20dd",
            "a\u200bb\u200cc\u200dd\ufeffe\u00adf\u0000g\u0007h\u001bi",
            "1 22 333 4444 55555 ١٢٣٤ Ⅷ ½ ²³ 3.14159 1,000,000 0xFF",
            "   leading,  double   triple    and trailing   ",
            "\n\n\n  \n \t \n x\r\n\r\n  y\u00a0z\u2003w\u3000v\u2028u\u0085t  \n",
            "HTTPServerIOException parseXMLToJSONObject snake_case kebab-case ALLCAPS iPhone McDonald's O'Neill's",
            "it's IT'S It'S 's 'S 't 'RE 'll'll ’s ’ll 'ſ ſtraße K'elvin",
            "((((()))))-----=====_____*****/////\\\\\\\\\\ <<<>>> !!!??? ...,,,\n///\n//\n",
            "<|endoftext|> <|fim_prefix|> <|endofprompt|> <|im_start|>",
            "ǅungla Ǆungla ǆungla ʰa ªº ﬁ ﬀ Ａｂｃ １２３ 𝐀𝐁𝐜 𝟏𝟐",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");

    private static final String[] PARTS = {
        "'s", "'S", "'t", "'re", "'VE", "'Ll", "’s", "'", " ", "  ", "\n", "\r\n", "\t", "\u00a0", "\u3000", "/", "!",
                "...",
        "the", " The", "THE", "é", "e\u0301", "ß", "日本", "1", "12", "1234", "٣", "\u200d", "😀", "\ufe0f", "_", "-",
                "(", "{"
    };

    private Texts() {}

    /// Characters of every kind, most of them rare, and parts that patterns know.
    static String random(Random random, int length) {
        StringBuilder text = new StringBuilder();
        while (text.length() < length) {
            switch (random.nextInt(6)) {
                case 0 -> text.appendCodePoint(assigned(random, 0x110000));
                case 1 -> text.appendCodePoint(assigned(random, 0x3000));
                case 2 -> text.append((char) (' ' + random.nextInt(95)));
                case 3 -> text.append((char) ('a' + random.nextInt(26)));
                default -> text.append(PARTS[random.nextInt(PARTS.length)]);
            }
        }
        return text.toString();
    }

    /// Unassigned code points are left out: another Unicode version may know more of them.
    private static int assigned(Random random, int limit) {
        while (true) {
            int codePoint = random.nextInt(limit);
            int type = Character.getType(codePoint);
            if (type != Character.UNASSIGNED && type != Character.SURROGATE && type != Character.PRIVATE_USE) {
                return codePoint;
            }
        }
    }

    /// Runs of one unit, long enough for every way of merging.
    static List<String> runs() {
        List<String> runs = new ArrayList<>();
        for (String unit : List.of("a", " ", "\n", "ab", "=", "😀", "é", "日", " \n", "1", "-=")) {
            for (int count : new int[] {3, 40, 127, 130, 500}) {
                runs.add("x" + unit.repeat(count) + "y");
            }
        }
        return runs;
    }
}
