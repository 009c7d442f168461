package torrefy.tokenizer;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import torrefy.core.data.AtomicFile;

/// Tokenizers as GPT-2 was published: `vocab.json`, which maps tokens in the byte-level alphabet to ids, and beside it
/// `merges.txt`, with a pair on each line after a line `#version`. The split pattern is GPT-2's. The one special token
/// is the end of text, if the vocabulary has it: the files do not say which tokens are special.
public final class Gpt2Files {

    private static final long LARGEST_FILE = 1L << 29;

    private Gpt2Files() {}

    /// Reads a tokenizer.
    ///
    /// @param folder with both files
    /// @throws IOException if one is missing or not readable, or they contradict each other; the message is one line
    ///     that names the file
    public static Tokenizer read(Path folder) throws IOException {
        Path vocabularyFile = folder.resolve("vocab.json");
        Path mergesFile = folder.resolve("merges.txt");
        for (Path file : List.of(vocabularyFile, mergesFile)) {
            if (!Files.isRegularFile(file)) {
                throw new NoSuchFileException(file + ": no such tokenizer file");
            }
            if (Files.size(file) > LARGEST_FILE) {
                throw new IOException(file + ": is " + Files.size(file) + " bytes long, too long for a tokenizer");
            }
        }
        Path file = vocabularyFile;
        try {
            JsonValue vocabulary = JsonValue.parse(Files.readAllBytes(vocabularyFile));
            Map<String, Integer> ids = new LinkedHashMap<>();
            vocabulary
                    .object()
                    .keySet()
                    .forEach(spelling ->
                            ids.put(spelling, vocabulary.get(spelling).index()));
            Integer endOfText = ids.get(SpecialTokens.END_OF_TEXT);
            Map<String, Integer> special = endOfText == null ? Map.of() : Map.of(SpecialTokens.END_OF_TEXT, endOfText);
            Vocabulary made = new Vocabulary(Arrays.asList(SpelledVocabulary.tokens(ids, special)));
            file = mergesFile;
            return new Tokenizer(made, merges(mergesFile, ids), SplitPattern.GPT_2, new SpecialTokens(special), false);
        } catch (IllegalArgumentException e) {
            throw TokenizerFile.refused(file, e);
        }
    }

    private static List<Merge> merges(Path file, Map<String, Integer> ids) throws IOException {
        List<Merge> merges = new ArrayList<>();
        int number = 0;
        for (String line : new String(Files.readAllBytes(file), StandardCharsets.UTF_8).split("\r?\n")) {
            number++;
            if (line.isEmpty() || number == 1 && line.startsWith("#version")) {
                continue;
            }
            String[] pair = line.split(" ", -1);
            if (pair.length != 2) {
                throw new IllegalArgumentException("line " + number + " is no pair of tokens: '"
                        + line.substring(0, Math.min(60, line.length())) + "'");
            }
            merges.add(
                    new Merge(id(ids, pair[0], number), id(ids, pair[1], number), id(ids, pair[0] + pair[1], number)));
        }
        return merges;
    }

    private static int id(Map<String, Integer> ids, String spelling, int line) {
        Integer id = ids.get(spelling);
        if (id == null) {
            throw new IllegalArgumentException("line " + line + ": " + spelling + " is not in vocab.json");
        }
        return id;
    }

    /// Writes both files, each atomically. The end-of-text mark is in the vocabulary like all others.
    ///
    /// @throws IllegalArgumentException if the tokenizer has another split pattern, takes pieces that are tokens as a
    ///     whole, or composes text: the files cannot say so
    public static void write(Tokenizer tokenizer, Path folder) throws IOException {
        if (!tokenizer.splitPattern().equals(SplitPattern.GPT_2)
                || tokenizer.wholePieces()
                || tokenizer.isComposing()) {
            throw new IllegalArgumentException(
                    "vocab.json and merges.txt hold tokenizers that split text as GPT-2 does, and compose none;"
                            + " tokenizer.json holds all");
        }
        if (!Set.of(SpecialTokens.END_OF_TEXT)
                .containsAll(tokenizer.specialTokens().names())) {
            throw new IllegalArgumentException(
                    "vocab.json and merges.txt do not say which tokens are special; they hold "
                            + SpecialTokens.END_OF_TEXT + " and no other, but there are "
                            + tokenizer.specialTokens().names() + "; tokenizer.json holds all");
        }
        String[] spellings = SpelledVocabulary.spellings(tokenizer);
        try (AtomicFile target = AtomicFile.create(folder.resolve("vocab.json"));
                OutputStream out = Channels.newOutputStream(target.channel())) {
            out.write(SpelledVocabulary.json(spellings));
            target.commit();
        }
        try (AtomicFile target = AtomicFile.create(folder.resolve("merges.txt"));
                BufferedWriter out = new BufferedWriter(
                        new OutputStreamWriter(Channels.newOutputStream(target.channel()), StandardCharsets.UTF_8))) {
            out.write("#version: 0.2\n");
            for (Merge merge : tokenizer.merges()) {
                out.write(spellings[merge.left()] + " " + spellings[merge.right()] + "\n");
            }
            out.flush();
            target.commit();
        }
    }
}
