package torrefy.tokenizer;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import tools.jackson.core.JsonEncoding;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.PrettyPrinter;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import torrefy.core.data.AtomicFile;

/// Tokenizers as `tokenizer.json`, the file that Hugging Face's libraries read and write.
///
/// Written are: the vocabulary in the byte-level alphabet, the merges as pairs, the special tokens, and the split
/// pattern: GPT-2's as `ByteLevel` with `use_regex`, any other as a `Split` before it. Read are such files, and those
/// with merges as `"a b"`. A template that puts special tokens before every text, as Llama 3's, becomes
/// [Tokenizer#startOfText]; a normalizer to Unicode's form C, as Qwen's, [Tokenizer#isComposing]; and added tokens that
/// are not special, [SpecialTokens#words] (which are found after the text is composed, not before). A file that asks
/// for
/// more (another normalizer, marks after a text, byte fallback …) is refused with the name of what it asks for, because
/// ignoring it would give other tokens than the file's author has. The regular expression of a `Split` is read as one
/// of Java's; those in use mean
/// the same in both worlds, and others with `^` or `$`, which do not, are refused.
public final class TokenizerJson {

    private static final long LARGEST_FILE = 1L << 29;

    private static final ObjectWriteContext ONE_MEMBER_A_LINE = new ObjectWriteContext.Base() {
        @Override
        public PrettyPrinter getPrettyPrinter() {
            return new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n"));
        }
    };

    private TokenizerJson() {}

    /// Reads a tokenizer.
    ///
    /// @throws IOException if the file is missing, not readable, not JSON, contradicts itself, or asks for what is not
    ///     supported; the message is one line that names the file
    public static Tokenizer read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new NoSuchFileException(file + ": no such tokenizer file");
        }
        if (Files.size(file) > LARGEST_FILE) {
            throw new IOException(file + ": is " + Files.size(file) + " bytes long, too long for a tokenizer");
        }
        try {
            return new TokenizerJsonReader(JsonValue.parse(Files.readAllBytes(file))).tokenizer();
        } catch (IllegalArgumentException e) {
            throw TokenizerFile.refused(file, e);
        }
    }

    /// Writes a tokenizer, atomically: the file is complete or not there.
    public static void write(Tokenizer tokenizer, Path file) throws IOException {
        try (AtomicFile target = AtomicFile.create(file);
                OutputStream out = new BufferedOutputStream(Channels.newOutputStream(target.channel()));
                JsonGenerator json = new JsonFactory().createGenerator(ONE_MEMBER_A_LINE, out, JsonEncoding.UTF8)) {
            write(tokenizer, json);
            json.flush();
            target.commit();
        }
    }

    private static void write(Tokenizer tokenizer, JsonGenerator json) {
        json.writeStartObject();
        json.writeStringProperty("version", "1.0");
        json.writeNullProperty("truncation");
        json.writeNullProperty("padding");
        json.writeArrayPropertyStart("added_tokens");
        SpecialTokens special = tokenizer.specialTokens();
        special.ids()
                .forEach((name, id) -> writeSpecial(name, id, !special.words().contains(name), json));
        json.writeEndArray();
        json.writeName("normalizer");
        writeNormalizer(tokenizer, json);
        json.writeName("pre_tokenizer");
        writeSplitting(tokenizer.splitPattern(), json);
        json.writeName("post_processor");
        writeTemplate(tokenizer, json);
        json.writeName("decoder");
        writeByteLevel(true, json);
        json.writeName("model");
        writeModel(tokenizer, json);
        json.writeEndObject();
    }

    private static void writeSpecial(String name, int id, boolean isMark, JsonGenerator json) {
        json.writeStartObject();
        json.writeNumberProperty("id", id);
        json.writeStringProperty("content", name);
        json.writeBooleanProperty("single_word", false);
        json.writeBooleanProperty("lstrip", false);
        json.writeBooleanProperty("rstrip", false);
        json.writeBooleanProperty("normalized", false);
        json.writeBooleanProperty("special", isMark);
        json.writeEndObject();
    }

    private static void writeNormalizer(Tokenizer tokenizer, JsonGenerator json) {
        if (!tokenizer.isComposing()) {
            json.writeNull();
            return;
        }
        json.writeStartObject();
        json.writeStringProperty("type", "NFC");
        json.writeEndObject();
    }

    /// What stands before every text, and before each of a pair.
    private static void writeTemplate(Tokenizer tokenizer, JsonGenerator json) {
        if (!tokenizer.hasBeginning()) {
            json.writeNull();
            return;
        }
        int[] beginning = tokenizer.startOfText();
        List<String> names =
                IntStream.of(beginning).mapToObj(tokenizer::decodeText).toList();
        json.writeStartObject();
        json.writeStringProperty("type", "TemplateProcessing");
        json.writeArrayPropertyStart("single");
        writeText(names, "A", 0, json);
        json.writeEndArray();
        json.writeArrayPropertyStart("pair");
        writeText(names, "A", 0, json);
        writeText(names, "B", 1, json);
        json.writeEndArray();
        json.writeObjectPropertyStart("special_tokens");
        for (int i = 0; i < beginning.length; i++) {
            if (names.indexOf(names.get(i)) == i) {
                json.writeObjectPropertyStart(names.get(i));
                json.writeStringProperty("id", names.get(i));
                json.writeName("ids");
                json.writeArray(beginning, i, 1);
                json.writeArrayPropertyStart("tokens");
                json.writeString(names.get(i));
                json.writeEndArray();
                json.writeEndObject();
            }
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void writeText(List<String> marks, String text, int type, JsonGenerator json) {
        marks.forEach(mark -> writePart("SpecialToken", mark, type, json));
        writePart("Sequence", text, type, json);
    }

    private static void writePart(String kind, String id, int type, JsonGenerator json) {
        json.writeStartObject();
        json.writeObjectPropertyStart(kind);
        json.writeStringProperty("id", id);
        json.writeNumberProperty("type_id", type);
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void writeSplitting(SplitPattern pattern, JsonGenerator json) {
        if (pattern.equals(SplitPattern.GPT_2)) {
            writeByteLevel(true, json);
            return;
        }
        json.writeStartObject();
        json.writeStringProperty("type", "Sequence");
        json.writeArrayPropertyStart("pretokenizers");
        json.writeStartObject();
        json.writeStringProperty("type", "Split");
        json.writeObjectPropertyStart("pattern");
        json.writeStringProperty("Regex", pattern.regex());
        json.writeEndObject();
        json.writeStringProperty("behavior", "Isolated");
        json.writeBooleanProperty("invert", false);
        json.writeEndObject();
        writeByteLevel(false, json);
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void writeByteLevel(boolean useRegex, JsonGenerator json) {
        json.writeStartObject();
        json.writeStringProperty("type", "ByteLevel");
        json.writeBooleanProperty("add_prefix_space", false);
        json.writeBooleanProperty("trim_offsets", true);
        json.writeBooleanProperty("use_regex", useRegex);
        json.writeEndObject();
    }

    private static void writeModel(Tokenizer tokenizer, JsonGenerator json) {
        String[] spellings = SpelledVocabulary.spellings(tokenizer);
        json.writeStartObject();
        json.writeStringProperty("type", "BPE");
        json.writeNullProperty("dropout");
        json.writeNullProperty("unk_token");
        json.writeNullProperty("continuing_subword_prefix");
        json.writeNullProperty("end_of_word_suffix");
        json.writeBooleanProperty("fuse_unk", false);
        json.writeBooleanProperty("byte_fallback", false);
        json.writeBooleanProperty("ignore_merges", tokenizer.wholePieces());
        json.writeObjectPropertyStart("vocab");
        SpelledVocabulary.write(spellings, json);
        json.writeEndObject();
        json.writeArrayPropertyStart("merges");
        for (Merge merge : tokenizer.merges()) {
            json.writeStartArray();
            json.writeString(spellings[merge.left()]);
            json.writeString(spellings[merge.right()]);
            json.writeEndArray();
        }
        json.writeEndArray();
        json.writeEndObject();
    }
}
