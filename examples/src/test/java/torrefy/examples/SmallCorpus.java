package torrefy.examples;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import torrefy.core.random.Distributions;
import torrefy.core.random.RandomKey;

/// A folder of small documents made of the ladder's sentences, for tests of whole commands.
final class SmallCorpus {

    /// One of sixty documents, made when the first test asks for it and gone with the JVM.
    static final Path SHARED = temporary();

    private SmallCorpus() {}

    private static Path temporary() {
        try {
            Path folder = Files.createTempDirectory("torrefy-corpus");
            folder.toFile().deleteOnExit();
            write(folder, 60);
            try (Stream<Path> files = Files.list(folder)) {
                files.forEach(file -> file.toFile().deleteOnExit());
            }
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Path write(Path folder, int documents) throws IOException {
        Files.createDirectories(folder);
        List<String> sentences;
        try (InputStream in = Torrefy.class.getResourceAsStream("ladder/sentences.txt")) {
            sentences = new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .toList();
        }
        for (int document = 0; document < documents; document++) {
            int[] order = Distributions.permutation(RandomKey.of(document), sentences.size());
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < 20; i++) {
                text.append(sentences.get(order[i])).append('\n');
            }
            Files.writeString(folder.resolve("document" + document + ".txt"), text);
        }
        return folder;
    }
}
