package torrefy.tokenizer;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import torrefy.core.data.AtomicFile;

/// Vocabularies as tiktoken keeps them: on each line the bytes of a token in Base64, a space, and its rank. The rank is
/// the token's id, and says what is merged first. Such a file has neither the split pattern nor the special tokens:
/// whoever reads it has to know them.
///
/// | name | pattern | special tokens |
/// |---|---|---|
/// | r50k (GPT-2) | [SplitPattern#GPT_2] | `<\|endoftext\|>` 50256 |
/// | p50k | [SplitPattern#GPT_2] | `<\|endoftext\|>` 50256 |
/// | cl100k (GPT-4) | [SplitPattern#GPT_4] | `<\|endoftext\|>` 100257, `<\|fim_prefix\|>` 100258, … |
/// | o200k (GPT-4o) | [SplitPattern#GPT_4O] | `<\|endoftext\|>` 199999, `<\|endofprompt\|>` 200018 |
public final class TiktokenFile {

    private static final long LARGEST_FILE = 1L << 29;

    /// Every split of a token is looked up, so a very long one would take for ever.
    private static final int LONGEST_TOKEN = 1 << 12;

    /// What a rank file leaves to its reader.
    public record Surroundings(SplitPattern splitPattern, SpecialTokens specialTokens) {}

    private static final Map<String, Surroundings> KNOWN = Map.of(
            "r50k", surroundings(SplitPattern.GPT_2, Map.of(SpecialTokens.END_OF_TEXT, 50_256)),
            "p50k", surroundings(SplitPattern.GPT_2, Map.of(SpecialTokens.END_OF_TEXT, 50_256)),
            "cl100k",
                    surroundings(
                            SplitPattern.GPT_4,
                            Map.of(
                                    SpecialTokens.END_OF_TEXT,
                                    100_257,
                                    "<|fim_prefix|>",
                                    100_258,
                                    "<|fim_middle|>",
                                    100_259,
                                    "<|fim_suffix|>",
                                    100_260,
                                    "<|endofprompt|>",
                                    100_276)),
            "o200k",
                    surroundings(
                            SplitPattern.GPT_4O,
                            Map.of(SpecialTokens.END_OF_TEXT, 199_999, "<|endofprompt|>", 200_018)));

    private TiktokenFile() {}

    private static Surroundings surroundings(SplitPattern pattern, Map<String, Integer> special) {
        return new Surroundings(pattern, new SpecialTokens(special));
    }

    /// What belongs to a well-known vocabulary: `r50k`, `p50k`, `cl100k`, `o200k`, with or without `_base`.
    ///
    /// @throws IllegalArgumentException if none is known by that name
    public static Surroundings known(String name) {
        Surroundings known = KNOWN.get(name.replaceFirst("_base$", ""));
        if (known == null) {
            throw new IllegalArgumentException("no vocabulary is known as " + name + "; known are "
                    + KNOWN.keySet().stream().sorted().toList());
        }
        return known;
    }

    /// Reads a tokenizer.
    ///
    /// @throws IOException if the file is missing or not readable, or holds no vocabulary; the message is one line
    ///     that names the file and the line
    public static Tokenizer read(Path file, Surroundings surroundings) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new NoSuchFileException(file + ": no such tokenizer file");
        }
        if (Files.size(file) > LARGEST_FILE) {
            throw new IOException(file + ": is " + Files.size(file) + " bytes long, too long for a tokenizer");
        }
        try {
            return parse(Files.readAllBytes(file), surroundings);
        } catch (IllegalArgumentException e) {
            throw TokenizerFile.refused(file, e);
        }
    }

    /// Reads a tokenizer from the bytes of such a file.
    ///
    /// @throws IllegalArgumentException if they hold no vocabulary; the message is one line
    public static Tokenizer parse(byte[] content, Surroundings surroundings) {
        String[] lines = new String(content, StandardCharsets.ISO_8859_1).split("\n");
        // A vocabulary leaves few ids out.
        int most = 2 * lines.length + 1024;
        List<byte[]> tokens = new ArrayList<>();
        for (int i = 0; i < lines.length; i++) {
            String line = lines[i].strip();
            if (!line.isEmpty()) {
                read(line, i + 1, most, tokens);
            }
        }
        surroundings
                .specialTokens
                .ids()
                .forEach((name, id) -> put(tokens, id, Utf8.encode(name), "special token " + name));
        return Tokenizer.ofRanks(new Vocabulary(tokens), surroundings.splitPattern, surroundings.specialTokens);
    }

    private static void read(String line, int number, int most, List<byte[]> tokens) {
        int space = line.indexOf(' ');
        try {
            byte[] bytes = Base64.getDecoder().decode(line.substring(0, Math.max(0, space)));
            int rank = Integer.parseInt(line.substring(space + 1));
            if (bytes.length > LONGEST_TOKEN) {
                throw new IllegalArgumentException("line " + number + ": a token of " + bytes.length
                        + " bytes; at most " + LONGEST_TOKEN + " are read");
            }
            if (bytes.length > 0 && rank >= 0 && rank < most) {
                put(tokens, rank, bytes, "line " + number);
                return;
            }
        } catch (NumberFormatException e) {
            // As below.
        } catch (IllegalArgumentException e) {
            if (e.getMessage().startsWith("line ")) {
                throw e;
            }
        }
        throw new IllegalArgumentException("line " + number
                + " is no token: it should be Base64, a space and a rank below " + most + ", but is '"
                + line.substring(0, Math.min(60, line.length())) + "'");
    }

    private static void put(List<byte[]> tokens, int id, byte[] bytes, String where) {
        while (tokens.size() <= id) {
            tokens.add(null);
        }
        if (tokens.get(id) != null && !Arrays.equals(tokens.get(id), bytes)) {
            throw new IllegalArgumentException(where + ": there is another token " + id);
        }
        tokens.set(id, bytes);
    }

    /// Writes the ordinary tokens of a tokenizer, atomically: the file is complete or not there.
    ///
    /// @throws IllegalArgumentException if its merges are not what the order of its tokens says, so that the file would
    ///     be another tokenizer
    public static void write(Tokenizer tokenizer, Path file) throws IOException {
        requireRanked(tokenizer);
        try (AtomicFile target = AtomicFile.create(file);
                OutputStream out = new BufferedOutputStream(Channels.newOutputStream(target.channel()))) {
            Vocabulary vocabulary = tokenizer.vocabulary();
            for (int token = 0; token < vocabulary.size(); token++) {
                if (vocabulary.contains(token) && !tokenizer.specialTokens().contains(token)) {
                    out.write(Base64.getEncoder().encode(vocabulary.bytes(token)));
                    out.write((" " + token + "\n").getBytes(StandardCharsets.US_ASCII));
                }
            }
            out.flush();
            target.commit();
        }
    }

    /// Learned merges are ranks if each makes a token of its own, in the order of the tokens, and merging the bytes of
    /// every token leads to it. (Then a piece that is a token comes out as that token.)
    private static void requireRanked(Tokenizer tokenizer) {
        if (tokenizer.isOfRanks()) {
            return;
        }
        int last = -1;
        for (Merge merge : tokenizer.merges()) {
            if (merge.result() <= last || !tokenizer.isReachable(merge.result())) {
                throw new IllegalArgumentException("this tokenizer cannot be written as ranks: token " + merge.result()
                        + (merge.result() <= last
                                ? " is made by a later merge than its number says"
                                : " is not made from its bytes"));
            }
            last = merge.result();
        }
    }
}
