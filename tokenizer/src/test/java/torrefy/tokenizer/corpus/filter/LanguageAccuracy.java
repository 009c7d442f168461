package torrefy.tokenizer.corpus.filter;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import torrefy.tokenizer.corpus.read.TextForm;

/// Measures how often [LanguageGuess] is right, on the messages of a system that speaks many languages: the translated
/// programs of a Linux system.
///
/// ```
/// java … torrefy.tokenizer.corpus.filter.LanguageAccuracy /usr/share/locale 10
/// ```
///
/// prints for each language how many texts there were, the share that was told right, and what the others were taken
/// for. The second argument says how many messages make a text.
final class LanguageAccuracy {

    private static final int FEWEST_WORDS = 10;
    private static final int MOST_TEXTS = 2000;
    private static final int MO_MAGIC = 0x950412DE;
    private static final Set<String> WITHOUT_SPACES = Set.of("ja", "zh", "th", "ko");

    private LanguageAccuracy() {}

    public static void main(String[] arguments) throws IOException {
        Path locales = Path.of(arguments[0]);
        int messages = Integer.parseInt(arguments[1]);
        double sum = 0;
        for (String code : LanguageGuess.codes()) {
            // The originals are English; any translation has them.
            String folder = code.equals("zh") ? "zh_CN" : code.equals("en") ? "de" : code;
            List<String> texts = texts(locales.resolve(folder).resolve("LC_MESSAGES"), code, messages);
            Map<String, Integer> taken = new TreeMap<>();
            texts.forEach(text -> taken.merge(
                    LanguageGuess.of(new TextView(text, TextForm.PROSE)).code(), 1, Integer::sum));
            Integer right = taken.remove(code);
            double share = 100.0 * (right == null ? 0 : right) / Math.max(1, texts.size());
            sum += share;
            System.out.printf(Locale.ROOT, "%s %,5d texts %6.2f %% %s%n", code, texts.size(), share, taken);
        }
        System.out.printf(
                Locale.ROOT, "mean %.2f %%%n", sum / LanguageGuess.codes().size());
    }

    private static List<String> texts(Path folder, String code, int messages) throws IOException {
        Set<String> all = new TreeSet<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file :
                    files.filter(file -> file.toString().endsWith(".mo")).toList()) {
                addMessages(ByteBuffer.wrap(Files.readAllBytes(file)), code, all);
            }
        }
        List<String> shuffled = new ArrayList<>(all);
        Collections.shuffle(shuffled, new Random(1));
        List<String> texts = new ArrayList<>();
        for (int i = 0; i + messages <= shuffled.size() && texts.size() < MOST_TEXTS; i += messages) {
            texts.add(String.join("\n", shuffled.subList(i, i + messages)));
        }
        return texts;
    }

    /// The format of gettext: two tables of lengths and places, of the originals and of the translations. Files in
    /// other encodings than UTF-8 are passed over.
    private static void addMessages(ByteBuffer file, String code, Set<String> messages) {
        file.order(ByteOrder.LITTLE_ENDIAN);
        boolean isUtf8 = file.getInt(0) == MO_MAGIC
                && file.getInt(8) > 0
                && string(file, file.getInt(16)).toLowerCase(Locale.ROOT).contains("charset=utf-8");
        for (int i = 1; isUtf8 && i < file.getInt(8); i++) {
            String original = string(file, file.getInt(12) + 8 * i);
            String translation = string(file, file.getInt(16) + 8 * i);
            String text = (code.equals("en") ? original : translation)
                    .replaceAll("[_&]|<[^>]*>", "")
                    .replaceAll("%[-+ #0-9.*$]*[a-zA-Z]*", " ");
            int words = WITHOUT_SPACES.contains(code)
                    ? text.length() / 5
                    : text.strip().split("\\s+").length;
            if (!original.equals(translation) && words >= FEWEST_WORDS) {
                messages.add(text);
            }
        }
    }

    /// Of forms for several numbers the first.
    private static String string(ByteBuffer file, int entry) {
        byte[] bytes = new byte[file.getInt(entry)];
        file.get(file.getInt(entry + 4), bytes);
        String text = new String(bytes, StandardCharsets.UTF_8);
        int end = text.indexOf('\0');
        return end < 0 ? text : text.substring(0, end);
    }
}
