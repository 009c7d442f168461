package torrefy.model.checkpoint;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import torrefy.model.training.DivergenceGuard;
import torrefy.model.training.TrainingState;

/// What a checkpoint says beside its arrays, as the strings that a safetensors file may carry at its head.
///
/// | key | value |
/// |---|---|
/// | `checkpoint` | the version of this format, 1 |
/// | `library` | what wrote it |
/// | `step`, `updates`, `tokens`, `elapsed_nanos` | where the run stood |
/// | `guard.losses`, `guard.norms`, `guard.in_a_row` | what the divergence guard remembers |
/// | `validation_loss` | after that step, in nats a token; NaN if it was not measured |
/// | `fixed.NAME`, `free.NAME` | what the run was told, see [RunFacts] |
/// | `note.NAME` | what the program wants to know again |
/// | `crc32c.NAME` | the checksum of each tensor's bytes |
/// | `checksum` | CRC-32C of all other entries and of the tensors' names, types, shapes and places |
///
/// @param library name and version of what wrote it
/// @param notes the program's own
record CheckpointHeader(
        String library, TrainingState state, double validationLoss, RunFacts facts, Map<String, String> notes) {

    private static final String VERSION = "1";
    private static final String FIXED = "fixed.";
    private static final String FREE = "free.";
    private static final String NOTE = "note.";
    private static final String CRC = "crc32c.";
    private static final String CHECKSUM = "checksum";

    /// The head of a file with these tensors.
    ///
    /// @param sums each tensor's checksum
    SafetensorsHeader withTensors(Map<String, StoredTensor> tensors, Map<String, String> sums) {
        Map<String, String> entries = new LinkedHashMap<>();
        entries.put("format", "pt");
        entries.put("checkpoint", VERSION);
        entries.put("library", library);
        entries.put("step", Integer.toString(state.step()));
        entries.put("updates", Integer.toString(state.updates()));
        entries.put("tokens", Long.toString(state.tokens()));
        entries.put("elapsed_nanos", Long.toString(state.elapsed().toNanos()));
        entries.put("validation_loss", Double.toString(validationLoss));
        entries.put("guard.losses", text(state.guard().losses()));
        entries.put("guard.norms", text(state.guard().norms()));
        entries.put("guard.in_a_row", Integer.toString(state.guard().inARow()));
        facts.fixed().forEach((name, value) -> entries.put(FIXED + name, value));
        facts.free().forEach((name, value) -> entries.put(FREE + name, value));
        notes.forEach((name, value) -> entries.put(NOTE + name, value));
        sums.forEach((name, value) -> entries.put(CRC + name, value));
        entries.put(CHECKSUM, checksum(entries, tensors));
        return new SafetensorsHeader(entries, tensors);
    }

    /// @throws MalformedFileException if `file` is no checkpoint, or not what was written
    static CheckpointHeader of(Path file, SafetensorsHeader head) throws MalformedFileException {
        Map<String, String> entries = head.metadata();
        String version = entries.get("checkpoint");
        if (version == null) {
            throw new MalformedFileException(file, "is a safetensors file, but no checkpoint");
        }
        if (!version.equals(VERSION)) {
            throw new MalformedFileException(
                    file,
                    "is a checkpoint of version " + MalformedFileException.shown(version)
                            + "; this library reads version " + VERSION);
        }
        if (!checksum(entries, head.tensors()).equals(entries.get(CHECKSUM))) {
            throw new MalformedFileException(file, "the header is damaged: it does not have its checksum");
        }
        try {
            TrainingState state = new TrainingState(
                    Integer.parseInt(entries.get("step")),
                    Integer.parseInt(entries.get("updates")),
                    Long.parseLong(entries.get("tokens")),
                    Duration.ofNanos(Long.parseLong(entries.get("elapsed_nanos"))),
                    new DivergenceGuard.Memory(
                            numbers(entries.get("guard.losses")),
                            numbers(entries.get("guard.norms")),
                            Integer.parseInt(entries.get("guard.in_a_row"))));
            return new CheckpointHeader(
                    entries.getOrDefault("library", "unknown"),
                    state,
                    Double.parseDouble(entries.get("validation_loss")),
                    new RunFacts(below(FIXED, entries), below(FREE, entries)),
                    below(NOTE, entries));
        } catch (IllegalArgumentException | NullPointerException e) {
            throw new MalformedFileException(file, "the header says nothing sensible: " + e.getMessage());
        }
    }

    /// Numbers with a space between them, as many digits as it takes to have the same bits again.
    private static String text(float[] numbers) {
        StringJoiner text = new StringJoiner(" ");
        for (float number : numbers) {
            text.add(Float.toString(number));
        }
        return text.toString();
    }

    private static float[] numbers(String text) {
        String[] words = text.isEmpty() ? new String[0] : text.split(" ");
        float[] numbers = new float[words.length];
        for (int i = 0; i < words.length; i++) {
            numbers[i] = Float.parseFloat(words[i]);
        }
        return numbers;
    }

    /// The checksum that `head` has for a tensor, or null.
    static String checksumOf(SafetensorsHeader head, String tensor) {
        return head.metadata().get(CRC + tensor);
    }

    private static Map<String, String> below(String prefix, Map<String, String> entries) {
        Map<String, String> below = new LinkedHashMap<>();
        entries.forEach((key, value) -> {
            if (key.startsWith(prefix)) {
                below.put(key.substring(prefix.length()), value);
            }
        });
        return below;
    }

    private static String checksum(Map<String, String> entries, Map<String, StoredTensor> tensors) {
        StringBuilder text = new StringBuilder();
        new TreeMap<>(entries).forEach((key, value) -> {
            if (!key.equals(CHECKSUM)) {
                text.append(key).append('=').append(value).append('\n');
            }
        });
        new TreeMap<>(tensors).values().forEach(tensor -> text.append(tensor).append('\n'));
        return Checksum.of(text.toString());
    }
}
