package torrefy.tokenizer;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Path;

/// The files that `make_golden.py` made.
final class Golden {

    private Golden() {}

    static JsonValue json(String name) throws IOException {
        try (InputStream in = Golden.class.getResourceAsStream(name)) {
            return JsonValue.parse(in.readAllBytes());
        }
    }

    static Path file(String name) {
        try {
            return Path.of(Golden.class.getResource(name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
