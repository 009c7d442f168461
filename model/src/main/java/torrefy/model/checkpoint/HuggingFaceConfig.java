package torrefy.model.checkpoint;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.PrettyPrinter;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.DefaultPrettyPrinter;
import torrefy.model.architecture.TransformerConfig;
import torrefy.model.layer.Positions;

/// A [TransformerConfig] as the `config.json` of a Hugging Face model: a GPT-2 if its positions are learned
/// ([Gpt2Json]), one of Llama's family if they are rotary ([LlamaJson]).
///
/// What a file does not say is as in the family it names. What it says of things that are fixed in our model, such as
/// the activation, must be what ours has: else the model would load and compute something else.
final class HuggingFaceConfig {

    private static final ObjectWriteContext INDENTED = new ObjectWriteContext.Base() {
        @Override
        public PrettyPrinter getPrettyPrinter() {
            return new DefaultPrettyPrinter();
        }
    };

    private static final long LONGEST = 1 << 20;

    private HuggingFaceConfig() {}

    /// @param weights the type in which matrices are stored
    /// @throws IllegalArgumentException if no family has such a model
    static String write(TransformerConfig config, DocumentMarks marks, StoredType weights) {
        StringWriter out = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(INDENTED, out)) {
            json.writeStartObject();
            if (config.positions() instanceof Positions.Rotary rotary) {
                LlamaJson.write(config, rotary, json);
            } else {
                Gpt2Json.write(config, json);
            }
            json.writeNumberProperty("bos_token_id", marks.begin());
            json.writeNumberProperty("eos_token_id", marks.end());
            json.writeBooleanProperty("tie_word_embeddings", config.tiedHead());
            switch (weights) {
                // Readers assume float32.
                case F16 -> json.writeStringProperty("torch_dtype", "float16");
                case BF16 -> json.writeStringProperty("torch_dtype", "bfloat16");
                default -> {}
            }
            json.writeEndObject();
        }
        return out.append('\n').toString();
    }

    static void writeArchitecture(JsonGenerator json, String modelType, String architecture) {
        json.writeStringProperty("model_type", modelType);
        json.writeArrayPropertyStart("architectures");
        json.writeString(architecture);
        json.writeEndArray();
    }

    static TransformerConfig read(Path file) throws IOException {
        if (!Files.exists(file)) {
            throw new NoSuchFileException(
                    file + ": no such file; is " + file.toAbsolutePath().getParent() + " the folder of a model?");
        }
        ConfigJson json = ConfigJson.read(file, LONGEST);
        String type = json.text("model_type");
        if (type == null) {
            throw new MalformedFileException(file, "lacks model_type; is it the configuration of a model?");
        }
        if (json.has("quantization_config")) {
            throw json.wrong("quantization_config", "only weights that are not quantized can be read");
        }
        try {
            return switch (type) {
                case "gpt2" -> Gpt2Json.read(json);
                case "llama", "mistral", "qwen2", "qwen3" -> LlamaJson.read(json, type);
                default -> throw json.wrong("model_type", "only gpt2, llama, mistral, qwen2 and qwen3 can be read");
            };
        } catch (IllegalArgumentException e) {
            throw new MalformedFileException(file, "describes no model: " + e.getMessage());
        }
    }
}
