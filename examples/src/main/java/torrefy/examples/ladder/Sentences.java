package torrefy.examples.ladder;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/// The text that steps 3 and 4 learn from: a few dozen plain sentences, one a line.
final class Sentences {

    private Sentences() {}

    static String text() throws IOException {
        try (InputStream in = Sentences.class.getResourceAsStream("sentences.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        }
    }
}
