package torrefy.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenizerJsonTest {

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void nameTheFile() {
        file = folder.resolve("tokenizer.json");
    }

    private static Tokenizer trained(SplitPattern pattern) {
        BpeTrainer trainer = new BpeTrainer(BpeConfig.of(280).withSplitPattern(pattern));
        trainer.add("low lower lowest, größer größte \"quoted\\\" \t\n\n".repeat(5));
        return trainer.train();
    }

    @Test
    void whatWasWrittenIsReadBack() throws IOException {
        SplitPattern own = SplitPattern.of("\\p{L}+|\"[^\"]*\"");
        for (SplitPattern pattern : List.of(SplitPattern.GPT_2, SplitPattern.GPT_4, own)) {
            Tokenizer tokenizer = trained(pattern);
            TokenizerJson.write(tokenizer, file);
            Tokenizer read = TokenizerJson.read(file);
            assertEquals(tokenizer.fingerprint(), read.fingerprint());
            assertEquals(tokenizer.specialTokens().ids(), read.specialTokens().ids());
            assertEquals(pattern, read.splitPattern());
        }
        try (var files = Files.list(folder)) {
            assertEquals(1, files.count(), "no temporary file is left");
        }
    }

    /// `byte-level.json` was trained and written by Hugging Face's tokenizers 0.23.2, which also gave the ids.
    @Test
    void aFileOfAnotherLibraryIsReadAndEncodesAsItDoesThere() throws IOException {
        Tokenizer tokenizer = TokenizerJson.read(Golden.file("byte-level.json"));
        assertEquals(400, tokenizer.vocabularySize());
        assertEquals(0, tokenizer.endOfText());
        List<JsonValue> cases = Golden.json("byte-level-ids.json").list();
        assertEquals(62, cases.size());
        for (JsonValue one : cases) {
            String text = one.get("text").string();
            int[] ids =
                    one.get("ids").list().stream().mapToInt(JsonValue::index).toArray();
            assertArrayEquals(ids, tokenizer.encode(text), text);
            assertEquals(text, tokenizer.decodeText(ids));
        }
        TokenizerJson.write(tokenizer, file);
        assertEquals(tokenizer.fingerprint(), TokenizerJson.read(file).fingerprint());
    }

    @Test
    void mergesInTheOldSpellingAreReadToo() throws IOException {
        String json = written();
        String old = json.replaceAll("\\[ (\"[^\" ]+)\", \"([^\" ]+\") \\]", "$1 $2");
        assertFalse(json.equals(old));
        Files.writeString(file, old);
        assertEquals(
                trained(SplitPattern.GPT_2).fingerprint(),
                TokenizerJson.read(file).fingerprint());
    }

    private String written() throws IOException {
        TokenizerJson.write(trained(SplitPattern.GPT_2), file);
        return Files.readString(file);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // what stands there | what is put in its place | what the message must say
                "\"normalizer\" : null | \"normalizer\" : {\"type\": \"Lowercase\"} | normalizer Lowercase is asked for, which is not supported; only NFC is",
                "\"normalizer\" : null | \"normalizer\" : {} | normalizer.type should be a string",
                "\"truncation\" : null | \"truncation\" : {\"max_length\": 5} | truncation is asked for",
                "\"post_processor\" : null | \"post_processor\" : {\"type\": \"TemplateProcessing\"} | post_processor.single should be a list",
                "\"post_processor\" : null | \"post_processor\" : {\"type\": \"TemplateProcessing\", \"single\": []} | post_processor.single has the text 0 times",
                "\"post_processor\" : null | \"post_processor\" : {\"type\": \"Sequence\", \"processors\": [{\"type\": \"BertProcessing\"}]} | post_processor.processors[0] BertProcessing is asked for, which is not supported; only ByteLevel and TemplateProcessing are",
                "\"post_processor\" : null | \"post_processor\" : {\"type\": \"TemplateProcessing\", \"single\": [{\"Sequence\": {\"id\": \"A\"}}, {\"SpecialToken\": {\"id\": \"[SEP]\"}}]} | post_processor.single[1] puts [SEP] after every text, which is not supported",
                "\"post_processor\" : null | \"post_processor\" : {\"type\": \"TemplateProcessing\", \"single\": [{\"SpecialToken\": {\"id\": \"[CLS]\"}}, {\"Sequence\": {\"id\": \"A\"}}], \"special_tokens\": {}} | post_processor.special_tokens.[CLS] should be an object, but is missing",
                "\"post_processor\" : null | \"post_processor\" : {\"type\": \"TemplateProcessing\", \"single\": [{\"SpecialToken\": {\"id\": \"[CLS]\"}}, {\"Sequence\": {\"id\": \"A\"}}], \"special_tokens\": {\"[CLS]\": {\"ids\": [280]}}} | texts cannot begin with token 280",
                "\"byte_fallback\" : false | \"byte_fallback\" : true | model.byte_fallback is asked for",
                "\"dropout\" : null | \"dropout\" : 0.1 | model.dropout is asked for",
                "\"dropout\" : null | \"novelty\" : 1 | model.novelty is asked for",
                "\"type\" : \"BPE\" | \"type\" : \"WordPiece\" | model.type WordPiece",
                "\"add_prefix_space\" : false | \"add_prefix_space\" : true | add_prefix_space is asked for",
                "\"use_regex\" : true | \"use_regex\" : false | pre_tokenizer.use_regex should be true",
                "\"lstrip\" : false | \"lstrip\" : true | added_tokens[0].lstrip is asked for",
                "\"id\" : 279 | \"id\" : 298 | gives <|endoftext|> the id 298",
                "\"id\" : 279 | \"id\" : -1 | added_tokens[0].id should be a whole number",
                "\"id\" : 279 | \"id\" : 2.5 | added_tokens[0].id should be a whole number",
                "\"id\" : 279 | \"id\" : \"299\" | added_tokens[0].id should be a whole number from 0 on, but is \"299\"",
                "\"Ā\" : 0 | \"Ā\" : 1 | have the same id 1",
                "\"Ā\" : 0 | \"Ā\" : 900000 | the id of Ā is 900000",
                "\"Ā\" : 0 | \"日\" : 0 | 日 is not written in the byte-level alphabet",
                "\"Ā\" : 0 | \"Āā\" : 0 | no token for the byte 0",
                "\"Ā\" : 0, | `` | no token for the byte 0",
                "\"Ā\" : 0, | \"Ā\" : 0, \"Ā\" : 0, | not JSON",
                "[ \"l\", \"o\" ] | [ \"l\" ] | should be two tokens",
                "[ \"l\", \"o\" ] | [ \"l\", 7 ] | should be a string, but is 7",
                "[ \"l\", \"o\" ] | \"l o w\" | should be two tokens",
                "[ \"l\", \"o\" ] | \"l ŋ\" | ŋ is not in model.vocab",
                "[ \"l\", \"o\" ] | [ \"l\", \"q\" ] | lq is not in model.vocab",
                "\"vocab\" : | \"vocabulary\" : | model.vocabulary is asked for",
                "\"merges\" : | \"merges\" : 1, \"more\" : | model.more is asked for",
                "\"model\" : | \"modell\" : | model should be an object, but is missing",
                "\"pre_tokenizer\" : | \"pre\" : | pre_tokenizer should be an object, but is missing",
            })
    void aFileThatContradictsItselfOrAsksForTooMuchIsRefused(String there, String instead, String message)
            throws IOException {
        String json = written();
        assertTrue(json.contains(there), there);
        Files.writeString(file, json.replaceFirst(Pattern.quote(there), Matcher.quoteReplacement(instead)));
        assertRefused(message);
    }

    /// The parts around the vocabulary in the `tokenizer.json` of Llama 3: another pattern, pieces taken whole, a mark
    /// before every text.
    @Test
    void aFileInTheShapeOfLlama3sIsRead() throws IOException {
        String json = around(
                "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\\\r\\\\n\\\\p{L}\\\\p{N}]?\\\\p{L}+|\\\\p{N}{1,3}| ?[^\\\\s\\\\p{L}\\\\p{N}]+[\\\\r\\\\n]*|\\\\s*[\\\\r\\\\n]+|\\\\s+(?!\\\\S)|\\\\s+",
                """
                "post_processor": {"type": "Sequence", "processors": [
                  {"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": false, "use_regex": true},
                  {"type": "TemplateProcessing",
                   "single": [{"SpecialToken": {"id": "<|end_of_text|>", "type_id": 0}},
                              {"Sequence": {"id": "A", "type_id": 0}}],
                   "pair": [{"SpecialToken": {"id": "<|end_of_text|>", "type_id": 0}},
                            {"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
                   "special_tokens": {"<|end_of_text|>": {"id": "<|end_of_text|>", "ids": [279],
                                                        "tokens": ["<|end_of_text|>"]}}}]},
                """);
        Files.writeString(
                file,
                json.replace("<|endoftext|>", "<|end_of_text|>")
                        .replace("\"ignore_merges\" : false", "\"ignore_merges\" : true"));
        Tokenizer read = TokenizerJson.read(file);
        assertEquals(SplitPattern.LLAMA_3, read.splitPattern());
        assertEquals(279, read.endOfText());
        assertTrue(read.wholePieces());
        assertEquals("lower lowest 1234", read.decodeText(read.encode("lower lowest 1234")));
        assertArrayEquals(new int[] {279}, read.startOfText());
        assertTrue(read.hasBeginning());
        TokenizerJson.write(read, file);
        Tokenizer again = TokenizerJson.read(file);
        assertEquals(read.fingerprint(), again.fingerprint());
        assertArrayEquals(new int[] {279}, again.startOfText());
    }

    @Test
    void withoutMarksOfItsOwnATextBeginsBehindTheEndOfAnother() throws IOException {
        TokenizerJson.write(trained(SplitPattern.GPT_2), file);
        Tokenizer read = TokenizerJson.read(file);
        assertFalse(read.hasBeginning());
        assertArrayEquals(new int[] {read.endOfText()}, read.startOfText());
        TokenizerJson.write(read.withBeginning(1, 279, 1), file);
        assertArrayEquals(new int[] {1, 279, 1}, TokenizerJson.read(file).startOfText());
    }

    @ParameterizedTest
    @ValueSource(strings = {"<|endoftext|>", "<|end_of_text|>", "</s>"})
    void theEndOfATextIsKnownByItsNames(String name) throws IOException {
        Files.writeString(file, written().replace("<|endoftext|>", name));
        assertEquals(279, TokenizerJson.read(file).endOfText());
    }

    /// Qwen 2's brings text into a normal form first.
    @Test
    void aFileInTheShapeOfQwen2sIsRead() throws IOException {
        String json = around(
                "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\\\r\\\\n\\\\p{L}\\\\p{N}]?\\\\p{L}+|\\\\p{N}| ?[^\\\\s\\\\p{L}\\\\p{N}]+[\\\\r\\\\n]*|\\\\s*[\\\\r\\\\n]+|\\\\s+(?!\\\\S)|\\\\s+",
                """
                "post_processor": {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": false,
                                   "use_regex": false},
                """);
        Files.writeString(file, json);
        assertEquals(SplitPattern.QWEN_2, TokenizerJson.read(file).splitPattern());
        Files.writeString(file, json.replace("\"normalizer\" : null", "\"normalizer\" : {\"type\": \"NFC\"}"));
        Tokenizer composing = TokenizerJson.read(file);
        assertTrue(composing.isComposing());
        assertArrayEquals(composing.encode("größer"), composing.encode("gro\u0308ßer"));
        assertEquals("größer", composing.decodeText(composing.encode("gro\u0308ßer")));
        TokenizerJson.write(composing, file);
        assertEquals(composing.fingerprint(), TokenizerJson.read(file).fingerprint());
        assertFalse(
                composing.fingerprint().equals(composing.withComposing(false).fingerprint()));
    }

    /// SmolLM's cuts every digit out, then the rest as GPT-2 does.
    @Test
    void aFileInTheShapeOfSmolLmsIsRead() throws IOException {
        String json = written()
                .replaceFirst(
                        "\"pre_tokenizer\" : (\\{[^}]*\\})",
                        "\"pre_tokenizer\": {\"type\": \"Sequence\", \"pretokenizers\":"
                                + " [{\"type\": \"Digits\", \"individual_digits\": true}, $1]}");
        Files.writeString(file, json);
        Tokenizer read = TokenizerJson.read(file);
        assertEquals(SplitPattern.SMOLLM, read.splitPattern());
        List<String> pieces = new ArrayList<>();
        byte[] text = "low 12lower's  3\n ¼  (low) ".getBytes(StandardCharsets.UTF_8);
        read.splitPattern()
                .split(
                        text,
                        0,
                        text.length,
                        (bytes, from, count) -> pieces.add(new String(bytes, from, count, StandardCharsets.UTF_8)));
        assertEquals(
                List.of("low", " ", "1", "2", "lower", "'s", "  ", "3", "\n ", "¼", " ", " (", "low", ")", " "),
                pieces);
        assertEquals("smollm", LlamaCppVocabulary.of(read, 280).splitting());
        TokenizerJson.write(read, file);
        assertEquals(read.fingerprint(), TokenizerJson.read(file).fingerprint());

        Files.writeString(file, json.replace("\"individual_digits\": true", "\"individual_digits\": false"));
        assertRefused("pre_tokenizer Sequence of [Digits, ByteLevel] is asked for, which is not supported");
    }

    /// Words that were added after the vocabulary was learned, as Qwen 3's `<think>`.
    @Test
    void addedWordsAreFoundInEveryText() throws IOException {
        Files.writeString(
                file,
                written().replace("<|endoftext|>", "<think>").replace("\"special\" : true", "\"special\" : false"));
        Tokenizer read = TokenizerJson.read(file);
        assertEquals(Set.of("<think>"), read.specialTokens().words());
        int[] tokens = read.encode("low <think>lower");
        assertEquals(
                List.of("low", " ", "<think>", "low"),
                Arrays.stream(tokens).limit(4).mapToObj(read::decodeText).toList());
        assertEquals("low <think>lower", read.decodeText(tokens));
        assertArrayEquals(
                read.encode("<thin k><think"), TokenizerJson.read(file).encode("<thin k><think"));
        TokenizerJson.write(read, file);
        assertEquals(read.fingerprint(), TokenizerJson.read(file).fingerprint());
        assertEquals(LlamaCppVocabulary.WORD, LlamaCppVocabulary.of(read, 280).types()[279]);

        Files.writeString(file, Files.readString(file).replace("<think>", "<I think>"));
        assertRefused("the added word '<I think>' has white space");
    }

    /// The file with another split pattern and what comes after the encoding.
    private String around(String pattern, String postProcessor) throws IOException {
        TokenizerJson.write(trained(SplitPattern.of("ZZZ")), file);
        return Files.readString(file)
                .replace("\"ZZZ\"", "\"" + pattern + "\"")
                .replace("\"post_processor\" : null,", postProcessor.strip());
    }

    @Test
    void aMergeThatIsThereTwiceIsRefused() throws IOException {
        Files.writeString(file, written().replace("[ \"l\", \"o\" ]", "[ \"l\", \"o\" ], [ \"l\", \"o\" ]"));
        assertRefused("is there twice");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "   ", "nonsense", "[1, 2", "{\"model\"", "{} {}", "[]", "7", "\u0000\u0001"})
    void whatIsNoTokenizerIsRefused(String contents) throws IOException {
        Files.writeString(file, contents);
        assertRefused("");
    }

    @Test
    void aFileCutOffAnywhereIsRefused() throws IOException {
        byte[] whole = written().getBytes(StandardCharsets.UTF_8);
        for (int length : new int[] {1, 7, 207, whole.length / 2, whole.length - 3}) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertRefused("cut off");
        }
    }

    @Test
    void aStrangeSplittingIsRefused() throws IOException {
        TokenizerJson.write(trained(SplitPattern.GPT_4), file);
        String json = Files.readString(file);
        Files.writeString(file, json.replace("\"Isolated\"", "\"Removed\""));
        assertRefused("another behavior than Isolated");
        Files.writeString(file, json.replace("\"Sequence\"", "\"Whitespace\""));
        assertRefused("pre_tokenizer Whitespace");
        Files.writeString(file, json.replace("\"'(?i:", "\"'(?i:("));
        assertRefused("not a regular expression");
        Files.writeString(file, json.replace("\"Regex\"", "\"String\""));
        assertRefused("pre_tokenizer.pretokenizers[0].pattern.Regex should be a string, but is missing");
    }

    @Test
    void aMissingFileIsNamed() {
        assertRefused("no such tokenizer file");
        IOException isFolder = assertThrows(IOException.class, () -> TokenizerJson.read(folder));
        assertTrue(isFolder.getMessage().startsWith(folder.toString()), isFolder.getMessage());
    }

    private void assertRefused(String why) {
        IOException refused = assertThrows(IOException.class, () -> TokenizerJson.read(file));
        assertTrue(refused.getMessage().startsWith(file + ": "), refused.getMessage());
        assertTrue(refused.getMessage().contains(why), refused.getMessage());
        assertEquals(1, refused.getMessage().lines().count(), refused.getMessage());
    }
}
