package torrefy.tokenizer.corpus.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import torrefy.tokenizer.corpus.read.TextForm;

class FiltersTest {

    private static final String[] KNOWN = {"the", "of", "and", "to", "that", "with", "have", "was", "in", "not", "it"};

    /// A hundred sentences of words that nobody knows, and a few that everybody does.
    private static final String PROSE = IntStream.range(0, 100)
            .mapToObj(i -> IntStream.range(0, 12)
                            .mapToObj(j -> j % 6 == i % 6 ? KNOWN[(i * 5 + j) % KNOWN.length] : word(i * 12 + j))
                            .collect(Collectors.joining(" ", "Then ", "."))
                    + (i % 9 == 8 ? "\n" : ""))
            .collect(Collectors.joining("\n"));

    private static String word(int number) {
        StringBuilder word = new StringBuilder();
        for (int rest = number * 7919 + 13; rest > 0; rest /= 20) {
            word.append("bcdfghjklmnpqrstvwxz".charAt(rest % 20)).append("aeiou".charAt(rest % 5));
        }
        return word.substring(0, Math.min(7, word.length()));
    }

    private static void assertRejected(String why, String filter, String text, TextForm form) {
        TextFilter.Judgement judgement = FilterCatalogue.named(filter).judge(new TextView(text, form));
        assertTrue(judgement.isRejected(), filter + " keeps it");
        assertTrue(judgement.why().startsWith(why), judgement.why());
    }

    private static void assertRejected(String why, String filter, String text) {
        assertRejected(why, filter, text, TextForm.PROSE);
    }

    @Test
    void goodProsePassesThroughAllFiltersOfProse() {
        FilterChain chain = FilterCatalogue.chain(FilterCatalogue.names());
        FilterChain.Verdict verdict = chain.judge(PROSE, TextForm.PROSE);
        assertTrue(verdict.isKept(), "" + verdict.events());
        assertEquals(List.of(), verdict.events());
        assertEquals(PROSE, verdict.view().text());
    }

    @Test
    void gopherQualityLooksAtWordsAndLines() {
        String rule = "gopher-quality";
        assertRejected("words 3.00 < 50", rule, "Too few words.");
        assertRejected("mean word length", rule, "a b c d e f g h i j ".repeat(10));
        assertRejected("mean word length", rule, "incomprehensibilities ".repeat(60));
        assertRejected("symbols per word", rule, PROSE.replaceAll(" (\\w)", " #$1"));
        assertRejected("share of words with a letter", rule, PROSE.replaceAll(" \\w+ ", " 1234 "));
        assertRejected("different stop words", rule, "lorem ipsum dolor sit amet ".repeat(20));
        assertRejected("share of bulleted lines", rule, PROSE.replaceAll("(?m)^", "- "));
        assertRejected(
                "share of lines ending in an ellipsis",
                rule,
                PROSE.replaceAll("(?m)$", " …").replace(". …", "…"));
        assertFalse(FilterCatalogue.named(rule).appliesTo(TextForm.CODE));
    }

    @Test
    void gopherRepetitionFindsWhatComesAgain() {
        String rule = "gopher-repetition";
        assertRejected("share of repeated lines", rule, PROSE + "\n" + PROSE);
        assertRejected(
                "share of characters in the top 2-gram", rule, "of course ".repeat(30) + PROSE.substring(0, 400));
        String sentence = "one two three four five six seven eight nine ten. ";
        assertRejected("share of characters in", rule, PROSE.substring(0, 1000) + sentence.repeat(20));
        assertEquals(
                null,
                FilterCatalogue.named(rule)
                        .judge(new TextView("", TextForm.PROSE))
                        .why());
    }

    @Test
    void fineWebLooksAtTheEndsAndLengthsOfLines() {
        String rule = "fineweb";
        assertRejected("share of lines ending in punctuation", rule, PROSE.replace(".", ""));
        String verse = IntStream.range(0, 60).mapToObj(i -> word(i) + ",").collect(Collectors.joining("\n"));
        assertRejected("share of short lines", rule, verse);
        String twice = PROSE.substring(0, 1200);
        assertRejected("share of characters in repeated lines", rule, PROSE + "\n" + twice + "\n" + twice);
    }

    private static TextFilter.Judgement judge(String filter, String text) {
        return FilterCatalogue.named(filter).judge(new TextView(text, TextForm.HTML));
    }

    @Test
    void c4CutsLinesThatAreNoSentences() {
        String text = """
                Home | About | Contact

                The first line of the page stays as it is.
                This line stays as well,[12] "because it ends so."
                It is a short one.
                Please enable JavaScript in your browser to read this.

                We use cookies to make this page better for you.

                Das letzte Wort hat «wie immer die Zeile zum Schluss.»
                Read more about this and that
                """;
        TextFilter.Judgement judgement = judge("c4-lines", text);
        assertEquals("""
                The first line of the page stays as it is.
                This line stays as well, "because it ends so."
                It is a short one.
                Das letzte Wort hat «wie immer die Zeile zum Schluss.»
                """, judgement.text());
        assertEquals(
                "cut: 2 lines without punctuation at the end and 2 lines of notices and 1 citations", judgement.why());
        assertRejected("sentences left 2", "c4-lines", "This is the first sentence here. And a second!\nNo third here");
        assertRejected("sentences left 0", "c4-lines", "");
        assertEquals(
                "cut: 1 lines of fewer than 5 words",
                judge("c4-lines", PROSE + "\nNot quite five words.").why());
    }

    /// Most paragraphs of an encyclopedia end with a citation.
    @Test
    void aSentenceEndsBeforeItsCitations() {
        TextFilter.Judgement judgement = judge("c4-lines", """
                The old bridge was built of stone in 1890.[1]
                It fell into the river ten years later.[2][3] [citation needed]
                A new one stands there to this day.
                One two three [4] four [5]
                """);
        assertEquals("""
                The old bridge was built of stone in 1890.
                It fell into the river ten years later.\s
                A new one stands there to this day.
                """, judgement.text());
        assertEquals("cut: 1 lines without punctuation at the end and 6 citations", judgement.why());
    }

    @Test
    void c4RejectsPagesWithPlaceholdersOrCode() {
        assertRejected("lorem ipsum", "c4-pages", PROSE + " Lorem Ipsum dolor sit amet.");
        assertRejected("a curly bracket", "c4-pages", "function a() { return 1; }");
        for (String name : List.of("c4-pages", "c4-lines")) {
            assertFalse(FilterCatalogue.named(name).appliesTo(TextForm.CODE));
            assertFalse(FilterCatalogue.named(name).appliesTo(TextForm.MARKDOWN));
            assertTrue(FilterCatalogue.named(name).appliesTo(TextForm.HTML));
        }
    }

    /// What each filter took adds up, in bytes and not characters.
    @Test
    void everyFilterAccountsForItsOwnBytes() {
        FilterChain chain = FilterCatalogue.chain(List.of("c4-lines", "mask-personal", "gopher-quality"));
        String text = "Wir grüßen alle, die uns schreiben.\nÜber uns\nThe address is a.b@example.org, dear reader.\n"
                + "That is all that there is to say.\n";
        List<FilterChain.Event> events = chain.judge(text, TextForm.PROSE).events();
        assertEquals(
                List.of(0, 1, 2), events.stream().map(FilterChain.Event::filter).toList());
        assertEquals("Über uns\n".length() + 1, events.get(0).bytes());
        assertEquals(
                "a.b@example.org".length() - "<email>".length(), events.get(1).bytes());
        int left = text.getBytes(StandardCharsets.UTF_8).length;
        assertEquals(left, events.stream().mapToLong(FilterChain.Event::bytes).sum());
    }

    @Test
    void codeIsJudgedByItsOwnRules() {
        String rule = "code-quality";
        String code = "class A {\n    int a = 1;\n    int b() {\n        return a;\n    }\n}\n";
        assertFalse(FilterCatalogue.named(rule)
                .judge(new TextView(code, TextForm.CODE))
                .isRejected());
        assertRejected("longest line", rule, code + "x".repeat(1001), TextForm.CODE);
        assertRejected("mean line", rule, "int a = 12345678;".repeat(10) + "\n", TextForm.CODE);
        assertRejected("share of letters and digits", rule, "{([<>])};;\n".repeat(9), TextForm.CODE);
        assertRejected(
                "says that it is generated", rule, "// Code generated by protoc. DO NOT EDIT.\n" + code, TextForm.CODE);
        assertEquals(
                List.of("code-quality", "mask-personal"),
                FilterCatalogue.chain(List.of("gopher-quality", "fineweb", "code-quality", "mask-personal"))
                        .names(TextForm.CODE));
    }

    private static String masked(String text) {
        return new PersonalData().judge(new TextView(text, TextForm.PROSE)).text();
    }

    @Test
    void personalDataIsMasked() {
        assertEquals("write to <email>, or <email>.", masked("write to a.b+c@example.co.uk, or x_1@mail.org."));
        assertEquals("from <ip> to <ip>:80", masked("from 81.2.69.160 to 8.8.4.4:80"));
        assertEquals("call <phone> or <phone>, <phone>", masked("call +49 30 901820 or (212) 555-0123, 212-555-0199"));
        assertEquals("<email>", masked("<a@b.de>").replace("<<", "<").replace(">>", ">"));
        assertEquals("<email>, 写信给<email>", masked("jörg.müller@example.de, 写信给li@example.cn"));
        assertEquals("[<ip>]:443, <ip>, <ip>", masked("[2606:2800:220:1:248:1893:25C8:1946]:443, 2001:db8::1, 2a00::"));
        for (String phone : List.of(
                "+1 (212) 555-0123",
                "+12125550123",
                "+44 20 7946 0958",
                "+49 (0)30 12345-67",
                "+39 06 1234 5678",
                "+354 555 1234",
                "+86 138 0013 8000",
                "+7 495 123-45-67")) {
            assertEquals("<phone>", masked(phone), phone);
        }
    }

    @Test
    void whatOnlyLooksPersonalStays() {
        for (String text : List.of(
                "127.0.0.1 and 192.168.1.7 and 10.0.0.1",
                "version 1.2.3.4.5 and 1.2.3.400 and v1.2.3.4",
                "@Override a@b @ c",
                "1234567890123 and 3.14159 and 2021-11-05 and 12-34-56",
                "x = +1; y = (123) + 4567;",
                "x = +1234567890; pi = +3.14159265; y = a +12 34 56 78; +25 000 000; +31.4159265",
                "123-456-7890, (123) 456-7890, 212-155-0123, ISBN 978-3-16-148410-0, ISBN 0-306-40615-2",
                "version 1.2.3.4, Section 4.3.2.1, build: 8.8.1.1, release 81.2.69.160",
                "std::vector a::b 12:34:56 00:1A:2B:3C:4D:5E fe80::1 ::1 2001:db8 2024:01:02 3000:1:2:3:4:5:6:7:8",
                "2024-01-15, 15.01.2024, 1.234.567,89 and $1,234,567.89",
                "")) {
            assertEquals(text, masked(text));
        }
    }

    @Test
    void anUnknownFilterIsNamedWithThoseThereAre() {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> FilterCatalogue.named("gofer"));
        assertTrue(refused.getMessage().contains("no filter 'gofer'; there are gopher-quality,"), refused.getMessage());
    }

    @Test
    void aProfileStandsForItsFilters() {
        List<String> prose = List.of("gopher-quality", "gopher-repetition", "fineweb", "mask-personal");
        assertEquals(prose, FilterCatalogue.expanded(List.of("prose")));
        assertEquals(
                List.of("gopher-quality", "gopher-repetition", "fineweb", "code-quality", "mask-personal"),
                FilterCatalogue.expanded(List.of("prose", "code")));
        assertEquals(
                List.of("c4-lines", "gofer", "code-quality", "mask-personal"),
                FilterCatalogue.expanded(List.of("none", "c4-lines", "gofer", "code")));
        FilterChain chain = FilterCatalogue.chain(List.of("prose", "code"));
        assertEquals(prose, chain.names(TextForm.PROSE));
        assertEquals(List.of("code-quality", "mask-personal"), chain.names(TextForm.CODE));
        FilterCatalogue.profiles().values().forEach(names -> names.forEach(FilterCatalogue::named));
    }

    @Test
    void everyFilterNamesItsSource() {
        for (String name : FilterCatalogue.names()) {
            TextFilter filter = FilterCatalogue.named(name);
            assertEquals(name, filter.name());
            assertTrue(filter.source().length() > 20 && filter.source().lines().count() == 1, filter.source());
            assertFalse(filter.judge(new TextView("", TextForm.PROSE)).isRejected()
                    && filter.name().startsWith("mask"));
        }
    }

    @Test
    void theViewFindsWordsAndLines() {
        TextView view = new TextView("one  two\n\n\tThree,\nfour\n", TextForm.PROSE);
        assertEquals(4, view.words());
        assertEquals("Three,", view.word(2));
        assertEquals(view.wordHash(2), new TextView("three", TextForm.PROSE).wordHash(0));
        assertEquals(4, view.lines());
        assertEquals(
                List.of("one  two", "", "\tThree,", "four"),
                List.of(view.line(0), view.line(1), view.line(2), view.line(3)));
        TextView spaced = new TextView("six\u00A0no\u202Fbreak\u2007spaces\u3000or\u2003so", TextForm.PROSE);
        assertEquals(6, spaced.words());
        assertEquals(0, new TextView("", TextForm.PROSE).lines());
        assertEquals(1, new TextView("\n", TextForm.PROSE).lines());
    }

    /// Letters beyond the first 65,536 characters are letters, and vowels that are written as marks belong to a word.
    @Test
    void wordsOfAllScriptsAreToldApart() {
        for (String words : List.of("की का के", "𞤀𞤣 𞤤𞤢 𞤥", "𠀀𠀁 𠀂", "นี นู")) {
            TextView view = new TextView(words + " «" + words + "»", TextForm.PROSE);
            int half = view.words() / 2;
            for (int i = 0; i < half; i++) {
                assertEquals(view.wordHash(i), view.wordHash(i + half), view.word(i));
                for (int j = 0; j < i; j++) {
                    assertFalse(view.wordHash(i) == view.wordHash(j), view.word(i) + " " + view.word(j));
                }
            }
        }
        assertEquals(0, new TextView("— 😀😀 …", TextForm.PROSE).wordHash(1));
    }
}
