package torrefy.tokenizer.corpus.build;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import torrefy.core.data.AtomicFile;

/// What a finished stage made: a text file `manifest.txt` in its folder, one fact a line, parts separated by tabs.
///
/// ```
/// fingerprint  <SHA-256 of the stage's settings and of the stage before it>
/// file         documents.bin  <bytes>  <SHA-256>
/// count        read  <documents>  <bytes>
/// note         unreadable: a.zip: ...
/// ```
///
/// @param fingerprint says whether what was made is what is wanted now
/// @param files size and hash of each, by name
record Manifest(String fingerprint, Map<String, FileFacts> files, Ledger ledger) {

    static final String NAME = "manifest.txt";

    record FileFacts(long bytes, String sha256) {}

    /// The manifest of all files in a folder.
    static Manifest of(Path folder, String fingerprint, Ledger ledger) throws IOException {
        Map<String, FileFacts> files = new LinkedHashMap<>();
        try (Stream<Path> listed = Files.list(folder)) {
            for (Path file : listed.sorted().toList()) {
                files.put(file.getFileName().toString(), new FileFacts(Files.size(file), sha256(file)));
            }
        }
        return new Manifest(fingerprint, files, ledger);
    }

    void write(Path folder) throws IOException {
        StringBuilder text =
                new StringBuilder("fingerprint\t").append(fingerprint).append('\n');
        files.forEach((name, facts) -> text.append("file\t" + name + "\t" + facts.bytes + "\t" + facts.sha256 + "\n"));
        ledger.counts()
                .forEach((name, count) ->
                        text.append("count\t" + name + "\t" + count.documents() + "\t" + count.bytes() + "\n"));
        ledger.notes().forEach(note -> text.append("note\t").append(note).append('\n'));
        AtomicFile.write(folder.resolve(NAME), text.toString());
    }

    /// @throws IOException if there is none, or it is not one
    static Manifest read(Path folder) throws IOException {
        String fingerprint = "";
        Map<String, FileFacts> files = new LinkedHashMap<>();
        Ledger ledger = new Ledger();
        try {
            for (String line : Files.readAllLines(folder.resolve(NAME))) {
                String[] parts = line.split("\t", -1);
                switch (parts[0]) {
                    case "fingerprint" -> fingerprint = parts[1];
                    case "file" -> files.put(parts[1], new FileFacts(Long.parseLong(parts[2]), parts[3]));
                    case "count" -> ledger.add(parts[1], Long.parseLong(parts[2]), Long.parseLong(parts[3]));
                    case "note" -> ledger.note(parts[1]);
                    default -> throw new IOException(folder.resolve(NAME) + ": unknown line '" + parts[0] + "'");
                }
            }
        } catch (RuntimeException e) {
            throw new IOException(folder.resolve(NAME) + ": is damaged: " + e.getMessage(), e);
        }
        return new Manifest(fingerprint, files, ledger);
    }

    /// Whether the files are all there with the contents they had.
    boolean agreesWith(Path folder) throws IOException {
        for (Map.Entry<String, FileFacts> entry : files.entrySet()) {
            Path file = folder.resolve(entry.getKey());
            FileFacts facts = entry.getValue();
            if (!Files.isRegularFile(file)
                    || Files.size(file) != facts.bytes
                    || !sha256(file).equals(facts.sha256)) {
                return false;
            }
        }
        return true;
    }

    static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    static String sha256(List<String> texts) {
        MessageDigest digest = digest();
        texts.forEach(text -> digest.update((text + "\n").getBytes(StandardCharsets.UTF_8)));
        return HexFormat.of().formatHex(digest.digest());
    }

    private static String sha256(Path file) throws IOException {
        MessageDigest digest = digest();
        byte[] buffer = new byte[1 << 18];
        try (InputStream in = Files.newInputStream(file)) {
            int count = in.read(buffer);
            while (count >= 0) {
                digest.update(buffer, 0, count);
                count = in.read(buffer);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
