package torrefy.examples.tokens;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import torrefy.tokenizer.BpeConfig;
import torrefy.tokenizer.BpeTrainer;
import torrefy.tokenizer.SplitPattern;
import torrefy.tokenizer.Tokenizer;

/// Step 2: why a text is cut into pieces before any merging.
///
/// **For the tokens.** Pairs do not respect words: `e` and a space stand side by side so often that step 1 merged them
/// first, and then learned "the" twice, once as `the·` and once as `·the·`. Cut at spaces, a text has no such tokens,
/// but `dog` and `dog.` are different words, and every space is a token of its own. The patterns of well-known models
/// keep a space with the word after it and signs away from words; those after GPT-2 also cut numbers into groups of
/// three digits.
///
/// **For the cost.** Text repeats its words, so a text of millions of pieces has few different ones, and ever fewer new
/// ones the longer it gets. A trainer needs to look at each of these only once, with the number of times it stands
/// there, and an encoder can remember what became of it (step 4). A text without edges is a single piece, and each
/// merge is a walk through all of it.
///
/// Expected output, the counts and times about:
///
/// ```text
/// what the sentence of step 1 teaches
/// nowhere    e·|he·|the·|·the·|do|dog|·s|·se|·see|·sees|·sees·the·|·sees·the·dog|·sees·the·dog.|at|cat
///            the·|cat|·sees|·|a|·|dog|!
/// at spaces  he|the|do|dog|ee|ees|sees|at|cat|dog.
///            the|·|cat|·|sees|·|a|·|dog|!
/// GPT-2      he|the|·the|·d|·do|·dog|·s|·se|·see|·sees|·c|·ca|·cat
///            the|·cat|·sees|·|a|·dog|!
///
/// the pieces of a harder text
/// at spaces  I've|·|paid|·|12345|·|for|·|HTMLParser's|·|bugs!|\n\n····|return;
/// GPT-2      I|'ve|·paid|·12345|·for|·HTMLParser|'s|·bugs|!|\n\n···|·return|;
/// GPT-4      I|'ve|·paid|·|123|45|·for|·HTMLParser|'s|·bugs|!\n\n|···|·return|;
/// GPT-4o     I've|·paid|·|123|45|·for|·HTMLParser's|·bugs|!\n\n|···|·return|;
///
/// what there is to look at in a text (Java sources)
///      bytes     pieces   distinct   bytes in these
///    250,000     53,684      3,704    29,677 = 12 %
///  1,000,000    228,592     13,142   105,996 = 11 %
///  4,000,000    891,388     29,138   262,377 =  7 %
///
/// learning 300 merges from 4,000,000 bytes
/// nowhere    0.78 s
/// GPT-2      0.09 s
/// ```
public final class Step2WhySplit {

    private static final String HARDER = "I've paid 12345 for HTMLParser's bugs!\n\n    return;";
    private static final SplitPattern NOWHERE = SplitPattern.of("(?s).+");
    private static final SplitPattern AT_SPACES = SplitPattern.of("\\S+|\\s+");

    public static void main(String[] arguments) throws IOException {
        int size = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 4_000_000;

        System.out.println("what the sentence of step 1 teaches");
        learn("nowhere", NOWHERE);
        learn("at spaces", AT_SPACES);
        learn("GPT-2", SplitPattern.GPT_2);

        System.out.println();
        System.out.println("the pieces of a harder text");
        cut("at spaces", AT_SPACES);
        cut("GPT-2", SplitPattern.GPT_2);
        cut("GPT-4", SplitPattern.GPT_4);
        cut("GPT-4o", SplitPattern.GPT_4O);

        SampleText sample = SampleText.of(size);
        System.out.println();
        System.out.println("what there is to look at in a text (" + sample.name() + ")");
        System.out.println("     bytes     pieces   distinct   bytes in these");
        for (int part = 16; part >= 1; part /= 4) {
            countPieces(sample.beginning(size / part));
        }

        System.out.println();
        System.out.printf(Locale.ROOT, "learning 300 merges from %,d bytes%n", sample.bytes().length);
        time("nowhere", NOWHERE, sample);
        time("GPT-2", SplitPattern.GPT_2, sample);
    }

    /// All that is worth merging in the sentence, and what it makes of another.
    private static void learn(String name, SplitPattern pattern) {
        Tokenizer tokenizer = train(pattern, Step1PairsByHand.SENTENCE.getBytes(StandardCharsets.US_ASCII), 1000);
        List<String> learned = new ArrayList<>();
        tokenizer.merges().forEach(merge -> learned.add(tokenizer.decodeText(merge.result())));
        row(name, learned);
        row("", tokensOf("the cat sees a dog!", tokenizer));
    }

    static List<String> tokensOf(String text, Tokenizer tokenizer) {
        List<String> tokens = new ArrayList<>();
        for (int token : tokenizer.encode(text)) {
            tokens.add(tokenizer.decodeText(token));
        }
        return tokens;
    }

    private static Tokenizer train(SplitPattern pattern, byte[] text, int merges) {
        BpeTrainer trainer = new BpeTrainer(new BpeConfig(256 + merges, pattern, 2, List.of()));
        trainer.add(text);
        return trainer.train();
    }

    private static void cut(String name, SplitPattern pattern) {
        row(name, pieces(pattern, HARDER));
    }

    /// The matches of the pattern's regular expression: in these patterns nothing lies between them.
    static List<String> pieces(SplitPattern pattern, String text) {
        List<String> pieces = new ArrayList<>();
        Matcher matcher = Pattern.compile(pattern.regex(), Pattern.UNICODE_CHARACTER_CLASS)
                .matcher(text);
        while (matcher.find()) {
            pieces.add(matcher.group());
        }
        return pieces;
    }

    private static void countPieces(SampleText sample) {
        List<String> pieces = pieces(SplitPattern.GPT_2, sample.text());
        Set<String> distinct = new HashSet<>(pieces);
        int bytes = distinct.stream().mapToInt(String::length).sum();
        System.out.printf(
                Locale.ROOT,
                "%,10d %,10d %,10d %,9d = %2.0f %%%n",
                sample.bytes().length,
                pieces.size(),
                distinct.size(),
                bytes,
                100.0 * bytes / sample.bytes().length);
    }

    private static void time(String name, SplitPattern pattern, SampleText sample) {
        long start = System.nanoTime();
        train(pattern, sample.bytes(), 300);
        System.out.printf(Locale.ROOT, "%-10s %.2f s%n", name, (System.nanoTime() - start) / 1e9);
    }

    private static void row(String name, List<String> tokens) {
        System.out.printf("%-10s %s%n", name, Step1PairsByHand.shown(tokens));
    }
}
