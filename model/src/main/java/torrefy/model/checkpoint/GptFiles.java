package torrefy.model.checkpoint;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
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
import torrefy.core.backend.Backend;
import torrefy.core.data.AtomicFile;
import torrefy.core.memory.NdArray;
import torrefy.core.shape.Shape;
import torrefy.model.architecture.Gpt;
import torrefy.model.architecture.GptConfig;
import torrefy.tensor.Parameter;

/// A [Gpt] as a folder that Hugging Face's libraries open as a GPT-2: `config.json` and `model.safetensors`.
public final class GptFiles {

    /// The file with the model's shape.
    public static final String CONFIG = "config.json";

    /// The file with the model's parameters.
    public static final String WEIGHTS = "model.safetensors";

    private static final JsonFactory JSON = new JsonFactory();

    private static final ObjectWriteContext INDENTED = new ObjectWriteContext.Base() {
        @Override
        public PrettyPrinter getPrettyPrinter() {
            return new DefaultPrettyPrinter();
        }
    };

    /// Files from Hugging Face may put this before every name.
    private static final String OPTIONAL_PREFIX = "transformer.";

    private GptFiles() {}

    /// Writes both files into `folder`, which must exist; each appears whole or not at all.
    ///
    /// @param endOfText the token id that ends a document
    public static void save(Gpt model, int endOfText, Path folder) throws IOException {
        AtomicFile.write(folder.resolve(CONFIG), configJson(model.config(), endOfText));
        List<SafetensorsWriter.Entry> entries = new ArrayList<>();
        for (Parameter parameter : model.parameters().all()) {
            float[] values = parameter.toFloats();
            NdArray array = NdArray.of(values, parameter.shape().sizes());
            entries.add(SafetensorsWriter.Entry.of(parameter.name(), array));
        }
        SafetensorsWriter.write(folder.resolve(WEIGHTS), Map.of(), entries);
    }

    /// Reads a model from `folder`.
    ///
    /// @throws MalformedFileException if a file is damaged, or is not that of a GPT-2
    public static Gpt load(Path folder, Backend backend) throws IOException {
        Gpt model = new Gpt(loadConfig(folder), backend, 0);
        loadWeights(model, folder.resolve(WEIGHTS));
        return model;
    }

    /// Reads the parameters of `model` from a safetensors file.
    public static void loadWeights(Gpt model, Path file) throws IOException {
        try (SafetensorsReader reader = SafetensorsReader.open(file)) {
            for (Parameter parameter : model.parameters().all()) {
                String name = reader.names().contains(OPTIONAL_PREFIX + parameter.name())
                        ? OPTIONAL_PREFIX + parameter.name()
                        : parameter.name();
                Shape stored = reader.tensor(name).shape();
                if (!stored.equals(parameter.shape())) {
                    throw new MalformedFileException(
                            file, name, "has shape " + stored + ", the model wants " + parameter.shape());
                }
                float[] values = new float[stored.elements()];
                reader.readFloats(name, values, 0);
                Backend backend = model.backend();
                NdArray source = NdArray.of(backend.upload(values), stored);
                backend.elementwise().copy(parameter.data(), source);
                parameter.data().buffer().changed();
            }
        }
    }

    private static String configJson(GptConfig config, int endOfText) {
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
            json.writeEndObject();
        }
        return out.append('\n').toString();
    }

    /// Reads the shape of the model in `folder`.
    public static GptConfig loadConfig(Path folder) throws IOException {
        Path file = folder.resolve(CONFIG);
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file + ": no such file; is " + folder + " the folder of a run?");
        }
        Map<String, String> values = scalars(file);
        if (!"gpt2".equals(values.get("model_type"))) {
            throw new MalformedFileException(
                    file, "has model_type " + values.get("model_type") + "; only gpt2 can be read");
        }
        String activation = values.getOrDefault("activation_function", "gelu_new");
        if (!activation.equals("gelu_new")) {
            throw new MalformedFileException(
                    file, "has activation_function " + activation + "; only gelu_new can be read");
        }
        try {
            return new GptConfig(
                    number(file, values, "vocab_size"),
                    number(file, values, "n_positions"),
                    number(file, values, "n_layer"),
                    number(file, values, "n_head"),
                    number(file, values, "n_embd"),
                    Float.parseFloat(values.getOrDefault("resid_pdrop", "0")));
        } catch (IllegalArgumentException e) {
            throw new MalformedFileException(file, "describes no model: " + e.getMessage());
        }
    }

    private static int number(Path file, Map<String, String> values, String name) throws MalformedFileException {
        String text = values.get(name);
        if (text == null) {
            throw new MalformedFileException(file, "lacks '" + name + "'");
        }
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new MalformedFileException(file, "has " + name + " = " + text + ", which is not a whole number");
        }
    }

    /// The strings and numbers at the top level of a JSON object, as text.
    private static Map<String, String> scalars(Path file) throws IOException {
        Map<String, String> values = new LinkedHashMap<>();
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), Files.readString(file))) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new MalformedFileException(file, "is not a JSON object");
            }
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = json.currentName();
                JsonToken value = json.nextToken();
                if (value.isScalarValue()) {
                    values.put(name, json.getString());
                } else {
                    json.skipChildren();
                }
            }
        } catch (JacksonException e) {
            throw new MalformedFileException(file, "is not valid JSON: " + e.getOriginalMessage());
        } catch (java.nio.charset.CharacterCodingException e) {
            throw new MalformedFileException(file, "is not UTF-8 text");
        }
        return values;
    }
}
