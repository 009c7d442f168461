package torrefy.model.checkpoint;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import torrefy.core.backend.Backend;
import torrefy.core.data.AtomicFile;
import torrefy.core.memory.Buffer;
import torrefy.core.memory.HostBfloat16s;
import torrefy.core.memory.HostFloats;
import torrefy.core.memory.NdArray;
import torrefy.core.shape.Shape;
import torrefy.model.architecture.Storage;
import torrefy.model.architecture.Transformer;
import torrefy.model.architecture.TransformerConfig;
import torrefy.tensor.Parameter;

/// A [Transformer] as a folder that Hugging Face's libraries open as a GPT-2: `config.json` and `model.safetensors`.
public final class HuggingFaceFolder {

    /// The file with the model's shape.
    public static final String CONFIG = "config.json";

    /// The file with the model's parameters.
    public static final String WEIGHTS = "model.safetensors";

    private static final Set<StoredType> FLOATING =
            EnumSet.of(StoredType.F32, StoredType.F16, StoredType.BF16, StoredType.F64);

    /// Files from Hugging Face may put this before every name.
    private static final String OPTIONAL_PREFIX = "transformer.";

    private HuggingFaceFolder() {}

    /// Writes both files into `folder`, which must exist; each appears whole or not at all. Weights are written in the
    /// type in which the model stores them.
    ///
    /// @param endOfText the token id that ends a document
    /// @throws IOException if a file cannot be written; it is then what it was
    public static void save(Transformer model, int endOfText, Path folder) throws IOException {
        AtomicFile.write(
                folder.resolve(CONFIG),
                HuggingFaceConfig.write(
                        model.config(), endOfText, model.storage().weights()));
        List<SafetensorsWriter.Entry> entries = new ArrayList<>();
        for (Parameter parameter : model.parameters().all()) {
            NdArray array = isInHeap(parameter)
                    ? parameter.data()
                    : NdArray.of(parameter.toFloats(), parameter.shape().sizes());
            StoredType type = StoredType.valueOf(parameter.type().name());
            entries.add(new SafetensorsWriter.Entry(parameter.name(), type, array));
        }
        SafetensorsWriter.write(folder.resolve(WEIGHTS), Map.of(), entries);
    }

    private static boolean isInHeap(Parameter parameter) {
        Buffer buffer = parameter.data().buffer();
        return buffer instanceof HostFloats || buffer instanceof HostBfloat16s;
    }

    /// Reads the shape of the model in `folder`.
    ///
    /// @throws MalformedFileException if the file is not JSON, or describes a model that [Transformer] is not
    public static TransformerConfig loadConfig(Path folder) throws IOException {
        return HuggingFaceConfig.read(folder.resolve(CONFIG));
    }

    /// Reads a model from `folder`.
    ///
    /// @throws MalformedFileException if a file is damaged, or is not that of a GPT-2
    public static Transformer load(Path folder, Backend backend) throws IOException {
        return load(folder, backend, Storage.F32);
    }

    /// Reads a model from `folder`.
    ///
    /// @param storage of the model, whatever the types in the file
    /// @throws MalformedFileException if a file is damaged, or is not that of a GPT-2
    public static Transformer load(Path folder, Backend backend, Storage storage) throws IOException {
        TransformerConfig config = loadConfig(folder);
        try (SafetensorsReader reader = SafetensorsReader.open(folder.resolve(WEIGHTS))) {
            // Before memory is taken by what the configuration says: the file has that vocabulary, context, width and
            // depth.
            requireFits(reader, "wte.weight", Shape.of(config.vocabulary(), config.width()));
            requireFits(reader, "wpe.weight", Shape.of(config.context(), config.width()));
            requireFits(reader, "h." + (config.layers() - 1) + ".ln_1.weight", Shape.of(config.width()));
            Transformer model = Transformer.undrawn(config, backend, storage);
            readParameters(reader, model);
            return model;
        }
    }

    /// Reads the parameters of `model` from a safetensors file.
    ///
    /// @throws MalformedFileException if the file is damaged, or lacks a parameter, or has it in another shape; the
    ///     model is then what it was
    public static void loadWeights(Transformer model, Path file) throws IOException {
        try (SafetensorsReader reader = SafetensorsReader.open(file)) {
            readParameters(reader, model);
        }
    }

    private static void readParameters(SafetensorsReader reader, Transformer model) throws IOException {
        for (Parameter parameter : model.parameters().all()) {
            requireFits(reader, parameter.name(), parameter.shape());
        }
        Backend backend = model.backend();
        for (Parameter parameter : model.parameters().all()) {
            String name = storedName(reader, parameter.name());
            if (isInHeap(parameter)) {
                reader.read(name, parameter.data());
            } else {
                NdArray values = NdArray.of(backend.upload(reader.readFloats(name)), parameter.shape());
                backend.elementwise().copy(parameter.data(), values);
            }
            parameter.data().buffer().changed();
        }
    }

    private static void requireFits(SafetensorsReader reader, String parameter, Shape shape)
            throws MalformedFileException {
        String name = storedName(reader, parameter);
        StoredTensor stored = reader.tensor(name);
        if (!stored.shape().equals(shape)) {
            throw new MalformedFileException(
                    reader.file(), name, "has shape " + stored.shape() + ", the model wants " + shape);
        }
        if (!FLOATING.contains(stored.type())) {
            throw new MalformedFileException(
                    reader.file(), name, "is " + stored.type() + ", the model wants one of " + FLOATING);
        }
    }

    private static String storedName(SafetensorsReader reader, String parameter) {
        return reader.names().contains(OPTIONAL_PREFIX + parameter) ? OPTIONAL_PREFIX + parameter : parameter;
    }
}
