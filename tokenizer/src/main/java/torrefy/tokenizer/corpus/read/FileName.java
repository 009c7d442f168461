package torrefy.tokenizer.corpus.read;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import torrefy.tokenizer.Utf8;

/// The name of a file, read from its bytes. A file system on Linux takes any bytes for a name, and Java shows those
/// that are not in the encoding of the locale as U+FFFD: in the locale `C`, which containers have, every letter
/// beyond ASCII. Two such names would look the same.
final class FileName {

    private static final char UNKNOWN = '\uFFFD';

    private FileName() {}

    /// The path from a folder to a file in it, with slashes: read as UTF-8, a byte that is not UTF-8 as `\xFF`.
    static String of(Path folder, Path file) {
        String name = folder.relativize(file).toString().replace(File.separatorChar, '/');
        return name.indexOf(UNKNOWN) < 0
                ? name
                : ofBytes(bytes(file.toUri()
                        .getRawPath()
                        .substring(folder.toUri().getRawPath().length())));
    }

    /// In a URI the bytes of a path are written `%FF`.
    private static byte[] bytes(String rawPath) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < rawPath.length(); i++) {
            boolean isEscape = rawPath.charAt(i) == '%';
            bytes.write(isEscape ? HexFormat.fromHexDigits(rawPath, i + 1, i + 3) : rawPath.charAt(i));
            i += isEscape ? 2 : 0;
        }
        return bytes.toByteArray();
    }

    private static String ofBytes(byte[] bytes) {
        StringBuilder name = new StringBuilder();
        for (int at = 0; at < bytes.length; ) {
            int end = Utf8.wellFormedEnd(bytes, at, bytes.length);
            name.append(new String(bytes, at, end - at, StandardCharsets.UTF_8));
            if (end < bytes.length) {
                name.append(String.format("\\x%02X", bytes[end]));
            }
            at = end + 1;
        }
        return name.toString();
    }
}
