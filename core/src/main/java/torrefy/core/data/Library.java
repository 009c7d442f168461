package torrefy.core.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/// What this library calls itself, on the command line and in the files that it writes.
public final class Library {

    /// Its name and version, such as `torrefy 1.0`. The build fills the version in: there is no other place for it than
    /// `pom.xml`.
    public static final String NAME = read();

    private Library() {}

    private static String read() {
        try (InputStream in = Library.class.getResourceAsStream("library.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
