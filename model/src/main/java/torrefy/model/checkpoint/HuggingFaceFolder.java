package torrefy.model.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import torrefy.core.backend.Backend;
import torrefy.core.backend.PlanningBackend;
import torrefy.core.data.AtomicFile;
import torrefy.model.architecture.Storage;
import torrefy.model.architecture.Transformer;
import torrefy.model.architecture.TransformerConfig;
import torrefy.tensor.Parameter;

/// A [Transformer] as a folder that Hugging Face's libraries open: `config.json` and `model.safetensors`.
///
/// Read are models of GPT-2's and Llama's families: `model_type` gpt2, llama, mistral, qwen2, qwen3. The weights may be
/// in several files beside `model.safetensors.index.json`, in F32, F16, BF16 or F64. A model with learned positions is
/// written as gpt2, one with rotary positions as llama, qwen2 or qwen3, whichever has its parts.
public final class HuggingFaceFolder {

    /// The file with the model's shape.
    public static final String CONFIG = "config.json";

    /// The file with the model's parameters.
    public static final String WEIGHTS = WeightFiles.SINGLE;

    private HuggingFaceFolder() {}

    /// Writes both files into `folder`, which must exist; each appears whole or not at all. Weights are written in the
    /// type in which the model stores them.
    ///
    /// @param endOfText the token id that ends a document
    /// @throws IllegalArgumentException if the model is none that others know
    /// @throws IOException if a file cannot be written; it is then what it was
    public static void save(Transformer model, int endOfText, Path folder) throws IOException {
        save(model, DocumentMarks.between(endOfText), folder);
    }

    /// Writes both files into `folder`, which must exist; each appears whole or not at all. Weights are written in the
    /// type in which the model stores them.
    ///
    /// @throws IllegalArgumentException if the model is none that others know
    /// @throws IOException if a file cannot be written; it is then what it was
    public static void save(Transformer model, DocumentMarks marks, Path folder) throws IOException {
        StoredType matrices = StoredType.valueOf(model.storage().weights().name());
        save(
                model,
                marks,
                folder,
                matrices,
                parameter -> StoredType.valueOf(parameter.type().name()));
    }

    /// Writes both files into `folder`, which must exist; each appears whole or not at all.
    ///
    /// @param type of all weights: F32, F16 or BF16
    /// @throws IllegalArgumentException if the model is none that others know, or a weight is beyond what F16 holds
    /// @throws IOException if a file cannot be written; it is then what it was
    public static void save(Transformer model, DocumentMarks marks, Path folder, StoredType type) throws IOException {
        save(model, marks, folder, type, parameter -> type);
    }

    private static void save(
            Transformer model,
            DocumentMarks marks,
            Path folder,
            StoredType matrices,
            Function<Parameter, StoredType> types)
            throws IOException {
        String config = HuggingFaceConfig.write(model.config(), marks, matrices);
        List<SafetensorsWriter.Entry> entries = new ArrayList<>();
        for (Counterpart counterpart : HuggingFaceNames.of(model)) {
            entries.add(new SafetensorsWriter.Entry(
                    counterpart.name(),
                    types.apply(counterpart.parameter()),
                    counterpart.shape(),
                    counterpart.values()));
        }
        SafetensorsWriter.write(folder.resolve(WEIGHTS), Map.of(), entries);
        AtomicFile.write(folder.resolve(CONFIG), config);
        // What would otherwise be the index of other weights.
        Files.deleteIfExists(folder.resolve(WeightFiles.INDEX));
    }

    /// Reads the shape of the model in `folder`.
    ///
    /// @throws MalformedFileException if the file is not JSON, or describes a model that [Transformer] is not
    public static TransformerConfig loadConfig(Path folder) throws IOException {
        return HuggingFaceConfig.read(folder.resolve(CONFIG));
    }

    /// Reads a model from `folder`.
    ///
    /// @throws MalformedFileException if a file is damaged, or is not that of such a model
    public static Transformer load(Path folder, Backend backend) throws IOException {
        return load(folder, backend, Storage.F32);
    }

    /// Reads a model from `folder`.
    ///
    /// @param storage of the model, whatever the types in the file
    /// @throws MalformedFileException if a file is damaged, or is not that of such a model
    public static Transformer load(Path folder, Backend backend, Storage storage) throws IOException {
        TransformerConfig config = loadConfig(folder);
        try (WeightFiles files = WeightFiles.open(folder)) {
            // Memory is taken by what the configuration says only when the files bear it out.
            HuggingFaceNames.requireLayers(files, config);
            requireFits(files, Transformer.undrawn(config, new PlanningBackend(), storage));
            Transformer model = Transformer.undrawn(config, backend, storage);
            read(files, model);
            return model;
        }
    }

    /// Reads the parameters of `model` from a model folder, or from a safetensors file alone.
    ///
    /// @throws MalformedFileException if a file is damaged, or lacks a parameter, or has it in another shape; the
    ///     model is then what it was
    public static void loadWeights(Transformer model, Path place) throws IOException {
        try (WeightFiles files = Files.isDirectory(place) ? WeightFiles.open(place) : WeightFiles.openFile(place)) {
            requireFits(files, model);
            read(files, model);
        }
    }

    private static void requireFits(WeightFiles files, Transformer model) throws MalformedFileException {
        for (Counterpart counterpart : HuggingFaceNames.of(model)) {
            String name = HuggingFaceNames.in(files, counterpart.name());
            SafetensorsReader reader = files.reader(name);
            StoredTensor stored = reader.tensor(name);
            if (!stored.shape().equals(counterpart.shape())) {
                throw new MalformedFileException(
                        reader.file(),
                        name,
                        "has shape " + stored.shape() + ", the model wants " + counterpart.shape());
            }
            if (!MappedNumbers.FLOATING.contains(stored.type())) {
                throw new MalformedFileException(
                        reader.file(),
                        name,
                        "is " + stored.type() + ", the model wants one of " + MappedNumbers.FLOATING);
            }
        }
        HuggingFaceNames.requireNoMore(files, model);
        HuggingFaceNames.requireOneTable(files, model.config());
    }

    private static void read(WeightFiles files, Transformer model) throws IOException {
        for (Counterpart counterpart : HuggingFaceNames.of(model)) {
            String name = HuggingFaceNames.in(files, counterpart.name());
            files.reader(name).readInto(counterpart, name, model.backend());
        }
    }
}
