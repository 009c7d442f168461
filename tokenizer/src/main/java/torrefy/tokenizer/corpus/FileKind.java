package torrefy.tokenizer.corpus;

import java.nio.file.Path;
import java.util.Locale;

/// What the end of a file's name says about the documents in it.
enum FileKind {
    JSON_LINES,
    ZIP,
    TEXT;

    static FileKind of(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        return name.endsWith(".jsonl") ? JSON_LINES : name.endsWith(".zip") ? ZIP : TEXT;
    }

    /// @param name what to call the file in the names of its documents
    /// @param partBytes where to cut a text
    DocumentSource open(Path file, String name, int partBytes) {
        return switch (this) {
            case JSON_LINES -> new JsonLinesSource(file, name);
            case ZIP -> new ZipSource(file, name, entry -> true);
            case TEXT -> new TextFileSource(file, name, partBytes);
        };
    }
}
