package torrefy.model.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// The tensors of a model folder, in one safetensors file or in several beside an index that says which is where.
final class WeightFiles implements AutoCloseable {

    /// The one file.
    static final String SINGLE = "model.safetensors";

    /// The index of several: `{"weight_map": {"model.norm.weight": "model-00002-of-00002.safetensors", …}}`.
    static final String INDEX = "model.safetensors.index.json";

    private static final long LONGEST_INDEX = 1 << 26;

    private final Path place;
    private final Map<String, SafetensorsReader> readers = new HashMap<>();
    /// By tensor, the reader of its file.
    private final Map<String, SafetensorsReader> byName = new LinkedHashMap<>();

    private WeightFiles(Path place) {
        this.place = place;
    }

    /// Opens what `folder` holds.
    ///
    /// @throws NoSuchFileException if it holds neither
    /// @throws MalformedFileException if a file is damaged, or has not what the index says
    static WeightFiles open(Path folder) throws IOException {
        Path single = folder.resolve(SINGLE);
        Path index = folder.resolve(INDEX);
        if (Files.exists(single) || !Files.exists(index)) {
            if (!Files.exists(single) && Files.exists(folder.resolve("pytorch_model.bin"))) {
                throw new NoSuchFileException(single + ": no such file; the weights in pytorch_model.bin are a program"
                        + " that Python runs, and are not read: save them as safetensors");
            }
            return openFile(single);
        }
        WeightFiles files = new WeightFiles(index);
        try {
            files.openAll(ConfigJson.read(index, LONGEST_INDEX).object("weight_map"), folder);
            return files;
        } catch (IOException | RuntimeException e) {
            files.close();
            throw e;
        }
    }

    /// Opens a single file of any name.
    static WeightFiles openFile(Path file) throws IOException {
        WeightFiles files = new WeightFiles(file);
        SafetensorsReader reader = SafetensorsReader.open(file);
        files.readers.put("", reader);
        reader.names().forEach(name -> files.byName.put(name, reader));
        return files;
    }

    private void openAll(ConfigJson weightMap, Path folder) throws IOException {
        if (weightMap.names().isEmpty()) {
            throw new MalformedFileException(place, "has no weight_map, or an empty one");
        }
        for (String name : weightMap.names()) {
            String file = weightMap.text(name);
            SafetensorsReader reader = readers.get(file);
            if (reader == null) {
                if (!file.endsWith(".safetensors") || !file.matches("[\\w.-]+")) {
                    throw weightMap.wrong(name, "which is no safetensors file beside it");
                }
                reader = SafetensorsReader.open(folder.resolve(file));
                readers.put(file, reader);
            }
            // Says which file lacks it.
            reader.tensor(name);
            byName.put(name, reader);
        }
    }

    /// The single file, or the index.
    Path place() {
        return place;
    }

    /// The number of tensors.
    int count() {
        return byName.size();
    }

    /// The names of all tensors.
    Set<String> names() {
        return byName.keySet();
    }

    boolean has(String name) {
        return byName.containsKey(name);
    }

    /// The file with tensor `name`.
    ///
    /// @throws MalformedFileException if there is none
    SafetensorsReader reader(String name) throws MalformedFileException {
        SafetensorsReader reader = byName.get(name);
        if (reader != null) {
            return reader;
        }
        if (readers.size() == 1) {
            // Says what is there instead.
            readers.values().iterator().next().tensor(name);
        }
        throw new MalformedFileException(place, name, "is missing");
    }

    @Override
    public void close() {
        readers.values().forEach(SafetensorsReader::close);
    }
}
