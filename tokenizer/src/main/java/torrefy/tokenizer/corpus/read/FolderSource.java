package torrefy.tokenizer.corpus.read;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The files in a folder and below, or those of them that a pattern means. A link to a file counts as that file; a
/// link to a folder is not followed, so there are no loops and no file is met on two ways. What is neither a file nor a
/// folder is named and not opened: a pipe might never end.
record FolderSource(Glob files, ReadingRules rules) implements DocumentSource {

    @Override
    public String name() {
        return files.toString();
    }

    @Override
    public void read(DocumentSink sink) throws IOException {
        Listing listing = new Listing(files.root().toRealPath(), files.matcher(), sink);
        Files.walkFileTree(listing.root, listing);
        ReadingRules sized = rules.forCorpusOf(listing.textBytes);
        for (String name : ScatteredOrder.of(List.copyOf(listing.files.keySet()))) {
            if (sink.hasEnough()) {
                return;
            }
            Path file = listing.files.get(name);
            try {
                FileSource.of(file, name, sized).read(sink);
            } catch (IOException e) {
                String why = Reason.of(e);
                sink.unreadable(name, why.startsWith(name + ": ") ? why.substring(name.length() + 2) : why);
            }
        }
    }

    private static final class Listing extends SimpleFileVisitor<Path> {
        private final Path root;
        private final PathMatcher wanted;
        private final DocumentSink sink;
        private final Map<String, Path> files = new HashMap<>();
        private long textBytes;

        Listing(Path root, PathMatcher wanted, DocumentSink sink) {
            this.root = root;
            this.wanted = wanted;
            this.sink = sink;
        }

        private String nameOf(Path path) {
            return FileName.of(root, path);
        }

        private static boolean isHidden(Path path) {
            return path.getFileName() != null && path.getFileName().toString().startsWith(".");
        }

        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            boolean skip = isHidden(directory) && !directory.equals(root);
            return skip ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (isHidden(file) || !wanted.matches(root.relativize(file))) {
                return FileVisitResult.CONTINUE;
            }
            if (attributes.isSymbolicLink() && !Files.exists(file)) {
                sink.unreadable(nameOf(file), "a link that leads nowhere");
            } else if (Files.isRegularFile(file)) {
                files.put(nameOf(file), file);
                textBytes += FileKind.of(nameOf(file)) == FileKind.TEXT ? sizeOf(file) : 0;
            } else if (!Files.isDirectory(file)) {
                sink.unreadable(nameOf(file), "is neither a file nor a folder");
            }
            return FileVisitResult.CONTINUE;
        }

        private static long sizeOf(Path file) {
            try {
                return Files.size(file);
            } catch (IOException e) {
                // Reading it will say why.
                return 0;
            }
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) {
            sink.unreadable(nameOf(file), Reason.of(e));
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, IOException e) {
            if (e != null) {
                sink.unreadable(nameOf(directory), Reason.of(e));
            }
            return FileVisitResult.CONTINUE;
        }
    }
}
