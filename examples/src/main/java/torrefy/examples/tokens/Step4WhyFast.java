package torrefy.examples.tokens;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import torrefy.core.parallel.ParallelLoop;
import torrefy.tokenizer.BpeConfig;
import torrefy.tokenizer.BpeTrainer;
import torrefy.tokenizer.SplitPattern;
import torrefy.tokenizer.Tokenizer;

/// Step 4: why the fast tokenizer is fast. Seven encoders of one text, each with an idea more.
///
/// - *Merged as a whole*: [MergeLoop], as the definition says. Four times the text takes sixteen times the time, so the
///   speed itself falls to a quarter; a megabyte would take hours. (Some of its tokens reach from piece to piece. All
///   others give the same as the library, which the program checks.)
/// - *Piece by piece*: the loop is still quadratic, but in a piece of four or five bytes.
/// - *With a cache*: of 900,000 pieces 30,000 are different, so nearly all were encoded before.
/// - *Scanner by hand*: now half of the time goes into the regular expression, and [WordScanner] does without.
/// - *Cache of numbers*: now much of it goes into strings, made to be looked up and thrown away. [NumberCache] makes
///   none.
/// - *The library*: the same ideas, for all of Unicode and for bytes that are no text. An entry of its cache holds the
///   tokens too, so that a look touches one place in memory, and has room for pieces of 15 bytes. Read `PieceCache`,
///   `PieceScanner` and `CharacterClass` in `torrefy.tokenizer`.
/// - *Two threads*: text is cut where no piece reaches across, and each thread has a cache of its own.
///
/// The last two lines are about the text that defeats all this: one long word. The loop is quadratic again. The library
/// does not merge such a piece but finds its tokens from left to right, trying the longest first and asking of each two
/// neighbours alone whether merging would have led to them: `LongPiece` and `TokenTrie`.
///
/// Expected output, in 20 seconds. The figures are about those of two cores of an AMD Zen 5 with Temurin 25.0.3; on a
/// machine that has other work they come and go by a third, and so do the smaller factors:
///
/// ```text
/// 4,000,000 bytes (Java sources), 4096 tokens
///
///                                    MB/s   times the line before
/// merged as a whole, 2000 bytes      0.057
/// merged as a whole, 8000 bytes      0.014    0.24
/// piece by piece                     6.193     447
/// with a cache                      37.544    6.06
/// scanner by hand                   77.688    2.07
/// cache of numbers                 124.379    1.60
/// the library                      146.068    1.17
/// the library, two threads         252.154    1.73
///
/// one long word, merged              0.013
/// one long word, the library        76.629    5992
/// ```
///
/// Two numbers may be given: how many bytes of text, and how many seconds for each line.
public final class Step4WhyFast {

    private static final int LONG_WORD = 8000;

    private final double seconds;
    /// MB/s of the line before; 0 if there is none.
    private double last;

    private Step4WhyFast(double seconds) {
        this.seconds = seconds;
    }

    public static void main(String[] arguments) throws IOException {
        int size = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 4_000_000;
        double seconds = arguments.length > 1 ? Double.parseDouble(arguments[1]) : 2;
        SampleText sample = SampleText.of(size);
        BpeTrainer trainer = new BpeTrainer(new BpeConfig(4096, SplitPattern.GPT_2, 2, List.of()));
        trainer.add(sample.bytes());
        Tokenizer tokenizer = trainer.train();
        System.out.printf(
                Locale.ROOT,
                "%,d bytes (%s), %d tokens%n%n",
                sample.bytes().length,
                sample.name(),
                tokenizer.vocabularySize());
        System.out.println("                                   MB/s   times the line before");
        Step4WhyFast ladder = new Step4WhyFast(seconds);
        ladder.climb(sample, tokenizer);
        ladder.readLongWord(sample, tokenizer);
    }

    private void climb(SampleText sample, Tokenizer tokenizer) {
        MergeLoop loop = new MergeLoop(tokenizer);
        for (int size = 2000; size <= 8000; size *= 4) {
            byte[] slice = sample.beginning(size).bytes();
            measure("merged as a whole, " + slice.length + " bytes", slice, () -> loop.encode(slice));
        }

        byte[] text = sample.bytes();
        int[] expected = tokenizer.encode(text);
        Pattern pattern = Pattern.compile(SplitPattern.GPT_2.regex(), Pattern.UNICODE_CHARACTER_CLASS);
        Function<String, int[]> fresh = piece -> loop.encode(piece.getBytes(StandardCharsets.US_ASCII));
        Function<String, int[]> remembered = remembering(fresh);
        NumberCache numbers = new NumberCache(loop::encode);

        check(expected, measure("piece by piece", text, () -> byPattern(text, pattern, fresh)));
        check(expected, measure("with a cache", text, () -> byPattern(text, pattern, remembered)));
        check(expected, measure("scanner by hand", text, () -> byScanner(text, remembered)));
        check(expected, measure("cache of numbers", text, () -> byNumbers(text, numbers, remembered)));
        check(expected, measure("the library", text, () -> tokenizer.encode(text)));
        try (ParallelLoop threads = new ParallelLoop(2)) {
            check(expected, measure("the library, two threads", text, () -> tokenizer.encode(text, threads)));
        }
    }

    private void readLongWord(SampleText sample, Tokenizer tokenizer) {
        String letters = sample.text().replaceAll("[^a-z]", "");
        byte[] word =
                letters.substring(0, Math.min(letters.length(), LONG_WORD)).getBytes(StandardCharsets.US_ASCII);
        int[] expected = tokenizer.encode(word);
        MergeLoop loop = new MergeLoop(tokenizer);
        System.out.println();
        last = 0;
        check(expected, measure("one long word, merged", word, () -> loop.encode(word)));
        check(expected, measure("one long word, the library", word, () -> tokenizer.encode(word)));
    }

    /// Split by a regular expression, then encode each piece.
    static int[] byPattern(byte[] text, Pattern pattern, Function<String, int[]> encoder) {
        int[] out = new int[text.length];
        int size = 0;
        Matcher matcher = pattern.matcher(new String(text, StandardCharsets.US_ASCII));
        while (matcher.find()) {
            size = append(encoder.apply(matcher.group()), out, size);
        }
        return Arrays.copyOf(out, size);
    }

    /// An encoder that does not encode a piece twice.
    static Function<String, int[]> remembering(Function<String, int[]> encoder) {
        Map<String, int[]> known = new HashMap<>();
        return piece -> known.computeIfAbsent(piece, encoder);
    }

    /// Split by hand, then encode each piece.
    static int[] byScanner(byte[] text, Function<String, int[]> encoder) {
        int[] out = new int[text.length];
        int size = 0;
        for (int at = 0, end; at < text.length; at = end) {
            end = WordScanner.end(text, at);
            String piece = new String(text, at, end - at, StandardCharsets.US_ASCII);
            size = append(encoder.apply(piece), out, size);
        }
        return Arrays.copyOf(out, size);
    }

    /// Split by hand; no object is made for a short piece.
    static int[] byNumbers(byte[] text, NumberCache numbers, Function<String, int[]> encoder) {
        int[] out = new int[text.length];
        int size = 0;
        for (int at = 0, end; at < text.length; at = end) {
            end = WordScanner.end(text, at);
            int[] tokens = end - at <= NumberCache.LONGEST
                    ? numbers.encode(text, at, end)
                    : encoder.apply(new String(text, at, end - at, StandardCharsets.US_ASCII));
            size = append(tokens, out, size);
        }
        return Arrays.copyOf(out, size);
    }

    private static int append(int[] tokens, int[] out, int size) {
        System.arraycopy(tokens, 0, out, size, tokens.length);
        return size + tokens.length;
    }

    /// Encodes again and again for some seconds, once at least, and prints the best: the first rounds are slow, because
    /// the compiler is at work and the caches are empty.
    private int[] measure(String name, byte[] text, Supplier<int[]> encoding) {
        double best = Double.MAX_VALUE;
        int[] tokens;
        double begin = System.nanoTime();
        do {
            double start = System.nanoTime();
            tokens = encoding.get();
            best = Math.min(best, (System.nanoTime() - start) / 1e9);
        } while ((System.nanoTime() - begin) / 1e9 < seconds);
        double speed = text.length / 1e6 / best;
        System.out.printf(Locale.ROOT, "%-28s %10.3f%s%n", name, speed, last == 0 ? "" : times(speed / last));
        last = speed;
        return tokens;
    }

    private static String times(double factor) {
        return String.format(Locale.ROOT, factor < 10 ? "%8.2f" : "%8.0f", factor);
    }

    private static void check(int[] expected, int[] tokens) {
        if (!Arrays.equals(expected, tokens)) {
            throw new IllegalStateException("this encoder gives other tokens than the library");
        }
    }
}
