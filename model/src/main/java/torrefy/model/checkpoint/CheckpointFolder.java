package torrefy.model.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A run's checkpoints, each a file named by its step: `step-000100.safetensors`.
///
/// @param path of the folder; it need not exist until something is written
public record CheckpointFolder(Path path) {

    private static final Pattern NAME = Pattern.compile("step-(\\d{6,9})\\.safetensors");
    private static final Pattern TEMPORARY = Pattern.compile("\\.step-.*\\.tmp");

    /// What was found when a run wants to go on.
    ///
    /// @param newestGood the last checkpoint without a fault, open; empty if there is none
    /// @param damaged what is wrong with newer ones, the newest first, a line each
    public record Search(Optional<Checkpoint> newestGood, List<String> damaged) {}

    public Path file(int step) {
        return path.resolve(String.format("step-%06d.safetensors", step));
    }

    /// All checkpoints, the newest first; whether they are good is not known.
    public List<Path> newestFirst() throws IOException {
        if (!Files.isDirectory(path)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(path)) {
            return files.filter(file -> step(file) >= 0)
                    .sorted(Comparator.comparingInt(CheckpointFolder::step).reversed())
                    .toList();
        }
    }

    /// Opens the newest checkpoint that is good, and says what is wrong with those after it.
    public Search search() throws IOException {
        List<String> damaged = new ArrayList<>();
        for (Path file : newestFirst()) {
            try {
                return new Search(Optional.of(Checkpoint.open(file)), damaged);
            } catch (IOException e) {
                damaged.add(e.getMessage());
            }
        }
        return new Search(Optional.empty(), damaged);
    }

    /// Makes room for a run that goes on from `step`: what a killed process left half-written is deleted, and newer
    /// checkpoints, which are damaged, get `.damaged` at the end of their names.
    public void goOnFrom(int step) throws IOException {
        List<Path> all;
        try (Stream<Path> files = Files.list(path)) {
            all = files.toList();
        }
        for (Path file : all) {
            String name = file.getFileName().toString();
            if (TEMPORARY.matcher(name).matches()) {
                Files.deleteIfExists(file);
            } else if (step(file) > step) {
                Files.move(file, file.resolveSibling(name + ".damaged"));
            }
        }
    }

    /// Deletes all checkpoints, and what a killed process left half-written.
    public void clear() throws IOException {
        for (Path file : newestFirst()) {
            Files.delete(file);
        }
        if (Files.isDirectory(path)) {
            goOnFrom(0);
        }
    }

    /// Deletes all but the newest `keep` and the one with the lowest validation loss.
    void prune(int keep) throws IOException {
        List<Path> files = newestFirst();
        Optional<Path> best = files.stream()
                .filter(file -> !Double.isNaN(validationLoss(file)))
                .min(Comparator.comparingDouble(CheckpointFolder::validationLoss));
        for (Path file : files.subList(Math.min(keep, files.size()), files.size())) {
            if (!best.equals(Optional.of(file))) {
                Files.deleteIfExists(file);
            }
        }
    }

    private static double validationLoss(Path file) {
        try (SafetensorsReader reader = SafetensorsReader.open(file)) {
            return CheckpointHeader.of(file, reader.header()).validationLoss();
        } catch (IOException e) {
            return Double.NaN;
        }
    }

    private static int step(Path file) {
        Matcher name = NAME.matcher(file.getFileName().toString());
        return name.matches() ? Integer.parseInt(name.group(1)) : -1;
    }
}
