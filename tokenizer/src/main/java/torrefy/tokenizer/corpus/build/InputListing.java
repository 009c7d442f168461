package torrefy.tokenizer.corpus.build;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import java.util.TreeSet;
import torrefy.tokenizer.corpus.read.Glob;

/// What the reading stage depends on: the settings, and names, sizes and times of all input files. A file that has
/// changed since makes the stage run again; what stdin holds [StandardInput] looks at.
///
/// @param settings of the build
record InputListing(BuildSettings settings) {

    String text() {
        StringBuilder text = new StringBuilder();
        text.append(settings.reading()).append(settings.cleaning()).append(settings.largestDocument());
        text.append(settings.filters()).append(settings.keepRejects());
        text.append(settings.duplicates().hash()).append('\n');
        try {
            for (CorpusInput input : settings.inputs()) {
                text.append(input.name()).append(' ').append(input.encoding()).append('\n');
                text.append(input.isStdin() ? "stdin\n" : files(input.path(), input.files()));
            }
            for (Path file : settings.evaluation().files()) {
                text.append(settings.evaluation().words()).append(" words of ");
                text.append("evaluation\n").append(files(file, null));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    /// @param wanted those that count; null for all
    private static String files(Path root, Glob wanted) throws IOException {
        Set<String> lines = new TreeSet<>();
        PathMatcher matcher = wanted == null ? path -> true : wanted.matcher();
        // As reading does: through a link to a file, and to a folder only where it is the root.
        Path folder = root.toRealPath();
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (matcher.matches(folder.relativize(file)) && Files.isRegularFile(file)) {
                    BasicFileAttributes facts = Files.readAttributes(file, BasicFileAttributes.class);
                    lines.add(file + " " + facts.size() + " "
                            + facts.lastModifiedTime().toMillis());
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
                lines.add(file + " unreadable");
                return FileVisitResult.CONTINUE;
            }
        });
        return String.join("\n", lines) + "\n";
    }
}
