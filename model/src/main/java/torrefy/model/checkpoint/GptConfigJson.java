package torrefy.model.checkpoint;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.PrettyPrinter;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.DefaultPrettyPrinter;
import torrefy.core.memory.DataType;
import torrefy.model.architecture.TransformerConfig;
import torrefy.model.layer.NormConfig;

/// A [TransformerConfig] as the `config.json` of Hugging Face's GPT-2.
///
/// What the file does not say is as in GPT-2. What it says of things that are fixed in our model, such as the
/// activation, must be what ours has: else the model would load and compute something else.
final class GptConfigJson {

    private static final JsonFactory JSON = new JsonFactory();

    private static final ObjectWriteContext INDENTED = new ObjectWriteContext.Base() {
        @Override
        public PrettyPrinter getPrettyPrinter() {
            return new DefaultPrettyPrinter();
        }
    };

    private static final float EPSILON = NormConfig.layer().epsilon();

    private static final long LONGEST = 1 << 20;

    private final Path file;
    private final Map<String, String> values;

    private GptConfigJson(Path file) throws IOException {
        this.file = file;
        this.values = scalars(file);
    }

    /// @param weights the type in which the weights are stored; `BF16` is noted, because readers assume `F32`
    static String write(TransformerConfig config, int endOfText, DataType weights) {
        StringWriter out = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(INDENTED, out)) {
            json.writeStartObject();
            json.writeStringProperty("model_type", "gpt2");
            json.writeName("architectures");
            json.writeStartArray();
            json.writeString("GPT2LMHeadModel");
            json.writeEndArray();
            json.writeNumberProperty("vocab_size", config.vocabulary());
            json.writeNumberProperty("n_positions", config.context());
            json.writeNumberProperty("n_embd", config.width());
            json.writeNumberProperty("n_layer", config.layers());
            json.writeNumberProperty("n_head", config.heads());
            json.writeStringProperty("activation_function", "gelu_new");
            json.writeNumberProperty("layer_norm_epsilon", 1e-5);
            json.writeNumberProperty("attn_pdrop", 0.0);
            json.writeNumberProperty("embd_pdrop", config.dropout());
            json.writeNumberProperty("resid_pdrop", config.dropout());
            json.writeNumberProperty("bos_token_id", endOfText);
            json.writeNumberProperty("eos_token_id", endOfText);
            json.writeBooleanProperty("tie_word_embeddings", true);
            if (weights == DataType.BF16) {
                json.writeStringProperty("torch_dtype", "bfloat16");
            }
            json.writeEndObject();
        }
        return out.append('\n').toString();
    }

    static TransformerConfig read(Path file) throws IOException {
        if (!Files.exists(file)) {
            throw new NoSuchFileException(
                    file + ": no such file; is " + file.toAbsolutePath().getParent() + " the folder of a run?");
        }
        return new GptConfigJson(file).config();
    }

    private TransformerConfig config() throws MalformedFileException {
        if (!values.containsKey("model_type")) {
            throw new MalformedFileException(file, "lacks model_type; is it the configuration of a model?");
        }
        require("model_type", "gpt2");
        require("activation_function", "gelu_new");
        require("scale_attn_weights", "true");
        require("scale_attn_by_inverse_layer_idx", "false");
        require("tie_word_embeddings", "true");
        int width = integer("n_embd");
        require("n_inner", Long.toString(4L * width));
        if ((float) number("layer_norm_epsilon", EPSILON) != EPSILON) {
            throw new MalformedFileException(
                    file, "has layer_norm_epsilon = " + values.get("layer_norm_epsilon") + "; only 1e-5 can be read");
        }
        try {
            return TransformerConfig.gpt2(
                    integer("vocab_size"), integer("n_positions"), integer("n_layer"), integer("n_head"), width, (float)
                            number("resid_pdrop", 0));
        } catch (IllegalArgumentException e) {
            throw new MalformedFileException(file, "describes no model: " + e.getMessage());
        }
    }

    private void require(String name, String readable) throws MalformedFileException {
        String value = values.getOrDefault(name, readable);
        if (!value.equals(readable)) {
            throw new MalformedFileException(
                    file, "has " + name + " = " + shown(value) + "; only " + readable + " can be read");
        }
    }

    private int integer(String name) throws MalformedFileException {
        String text = values.get(name);
        if (text == null) {
            throw new MalformedFileException(file, "lacks " + name);
        }
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new MalformedFileException(
                    file, "has " + name + " = " + shown(text) + ", which is not a whole number");
        }
    }

    private double number(String name, double otherwise) throws MalformedFileException {
        String text = values.get(name);
        try {
            return text == null ? otherwise : Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new MalformedFileException(file, "has " + name + " = " + shown(text) + ", which is not a number");
        }
    }

    /// The strings, numbers and truth values at the top level, as text.
    private static Map<String, String> scalars(Path file) throws IOException {
        if (Files.size(file) > LONGEST) {
            throw new MalformedFileException(file, "has " + Files.size(file) + " bytes, too many for a configuration");
        }
        Map<String, String> values = new LinkedHashMap<>();
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), Files.readString(file))) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new MalformedFileException(file, "is not a JSON object");
            }
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = json.currentName();
                JsonToken value = json.nextToken();
                if (value.isScalarValue() && value != JsonToken.VALUE_NULL) {
                    values.put(name, json.getString());
                } else {
                    json.skipChildren();
                }
            }
        } catch (JacksonException e) {
            throw new MalformedFileException(file, "is not valid JSON: " + shown(e.getOriginalMessage()));
        } catch (CharacterCodingException e) {
            throw new MalformedFileException(file, "is not UTF-8 text");
        }
        return values;
    }

    /// Text out of a file that is not to be trusted, fit for one line of a terminal.
    private static String shown(String text) {
        String line = text.replaceAll("\\p{Cntrl}+", " ").strip();
        return line.length() > 100 ? line.substring(0, 100) + "…" : line;
    }
}
