package torrefy.benchmarks.corpus;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// Files that cannot be read, as downloads and disks leave them: cut off, or of other bytes than their name says.
final class BrokenFiles {

    private BrokenFiles() {}

    /// @param number files of other numbers are broken in other ways
    /// @param text what would be in it
    /// @return its name
    static String write(Path folder, int number, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        String name = number + ending(number);
        byte[] broken = switch (number % 6) {
            case 0 -> cut(gzip(bytes));
            case 1 -> cut(zip(bytes));
            case 2 -> bytes;
            case 3 -> bytes;
            case 4 -> "{\"text\": \"cut off in".getBytes(StandardCharsets.UTF_8);
            default ->
                cut(gzip(
                        "{\"text\": \"%s\"}\n".formatted("word ".repeat(20_000)).getBytes(StandardCharsets.UTF_8)));
        };
        Files.write(folder.resolve(name), broken);
        return name;
    }

    private static String ending(int number) {
        return switch (number % 6) {
            case 0 -> ".txt.gz";
            case 1 -> ".zip";
            case 2 -> ".zst";
            case 3 -> ".tar";
            case 4 -> ".jsonl";
            default -> ".jsonl.gz";
        };
    }

    private static byte[] cut(byte[] whole) {
        return Arrays.copyOf(whole, whole.length / 2);
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }

    private static byte[] zip(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry("text.txt"));
            zip.write(bytes);
            zip.closeEntry();
        }
        return out.toByteArray();
    }
}
