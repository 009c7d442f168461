package torrefy.tokenizer.corpus.read;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.PatternSyntaxException;

/// The files in a folder whose names follow a pattern: `src/**/*.md` are those that end in `.md` in `src` and below.
///
/// Patterns are those of [java.nio.file.FileSystem#getPathMatcher], with one difference: `**/` also stands for no
/// folder at all, as it does in shells.
///
/// @param root the folder below which the files lie: what comes before the first wildcard
/// @param pattern of their names below the root; `**` for all files
public record Glob(Path root, String pattern) {

    private static final String WILDCARDS = "*?[{";
    private static final String ANY_FOLDERS = "**/";
    private static final String ANYTHING = "**";

    /// @throws IllegalArgumentException if the pattern is not well formed
    public Glob {
        try {
            matchers(root, pattern);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(root.resolve(pattern) + ": is no pattern: " + e.getDescription(), e);
        }
    }

    /// Everything in a folder.
    public static Glob all(Path folder) {
        return new Glob(folder, ANYTHING);
    }

    /// Whether a place is given by a pattern and not by its name.
    public static boolean isPattern(String place) {
        return place.chars().anyMatch(c -> WILDCARDS.indexOf(c) >= 0);
    }

    /// The files at a place such as `src/**/*.md`.
    public static Glob of(String place) {
        String slashed = place.replace('\\', '/');
        int wildcard = 0;
        while (WILDCARDS.indexOf(slashed.charAt(wildcard)) < 0) {
            wildcard++;
        }
        int end = slashed.lastIndexOf('/', wildcard);
        String root = end < 0 ? "." : end == 0 ? "/" : slashed.substring(0, end);
        return new Glob(Path.of(root), slashed.substring(end + 1));
    }

    /// Tells for a path relative to the root whether it is meant.
    public PathMatcher matcher() {
        if (pattern.equals(ANYTHING)) {
            // Names with line ends too, at which the matcher of the file system stops.
            return path -> true;
        }
        List<PathMatcher> matchers = matchers(root, pattern);
        return path -> matchers.stream().anyMatch(matcher -> matcher.matches(path));
    }

    private static List<PathMatcher> matchers(Path root, String pattern) {
        return variants(pattern).stream()
                .map(variant -> root.getFileSystem().getPathMatcher("glob:" + variant))
                .toList();
    }

    /// The pattern with each `**/` and without.
    private static List<String> variants(String pattern) {
        int at = pattern.indexOf(ANY_FOLDERS);
        if (at < 0) {
            return List.of(pattern);
        }
        List<String> variants = new ArrayList<>();
        for (String rest : variants(pattern.substring(at + ANY_FOLDERS.length()))) {
            variants.add(pattern.substring(0, at) + ANY_FOLDERS + rest);
            variants.add(pattern.substring(0, at) + rest);
        }
        return variants;
    }

    /// Whether there is a file that is meant in `folder`, which lies in the root or is the root itself.
    public boolean hasMatchIn(Path folder) throws IOException {
        PathMatcher matcher = matcher();
        Path from = root.toAbsolutePath().normalize();
        boolean[] found = {false};
        Files.walkFileTree(folder.toAbsolutePath().normalize(), new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                found[0] = !file.getFileName().toString().startsWith(".") && matcher.matches(from.relativize(file));
                return found[0] ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
                return FileVisitResult.CONTINUE;
            }
        });
        return found[0];
    }

    @Override
    public String toString() {
        return root + "/" + pattern;
    }
}
