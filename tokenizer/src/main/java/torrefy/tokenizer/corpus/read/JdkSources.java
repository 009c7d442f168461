package torrefy.tokenizer.corpus.read;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/// The Java sources that come with a JDK, in `lib/src.zip`: code and prose that nearly every user has. Some
/// distributions leave the file out or put it into a package of its own.
public final class JdkSources {

    private JdkSources() {}

    /// The sources of some modules of the running JDK, such as `java.base`; of all if none is named.
    ///
    /// @throws IOException if this JDK has no sources; the message says what to do instead
    public static DocumentSource find(String... modules) throws IOException {
        return in(Path.of(System.getProperty("java.home")), modules);
    }

    /// The sources of some modules of the JDK in the folder `javaHome`.
    static DocumentSource in(Path javaHome, String... modules) throws IOException {
        Path zip = javaHome.resolve("lib").resolve("src.zip");
        if (!Files.isRegularFile(zip)) {
            throw new NoSuchFileException("this JDK comes without its sources (no " + zip
                    + "); name a text to train on: --corpus PATH, a file, a folder, a .zip or a .jsonl");
        }
        List<String> prefixes =
                List.of(modules).stream().map(module -> module + "/").toList();
        String name = modules.length == 0 ? "src.zip" : "src.zip " + String.join(" ", modules);
        return new ZipSource(
                zip,
                name,
                ReadingRules.standard(),
                entry -> entry.endsWith(".java")
                        && (prefixes.isEmpty() || prefixes.stream().anyMatch(entry::startsWith)));
    }
}
