package torrefy.tokenizer.corpus.build;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import torrefy.core.data.AtomicFile;
import torrefy.core.data.FileHash;

/// What a finished stage made: a text file `manifest.txt` in its folder, one fact a line, parts separated by tabs.
///
/// ```
/// fingerprint  <SHA-256 of the stage's settings and of the stage before it>
/// file         documents.bin  <bytes>  <SHA-256>
/// count        read  <documents>  <bytes>
/// note         a.zip: cannot be read as a zip ...
/// hit          b.txt: shares with questions.jsonl:7: ...
/// ```
///
/// @param fingerprint says whether what was made is what is wanted now
/// @param files size and hash of each, by name
record Manifest(String fingerprint, Map<String, FileFacts> files, Ledger ledger) {

    static final String NAME = "manifest.txt";

    /// The name of the one of a stage that is not finished.
    static final String PROGRESS = "progress.txt";

    record FileFacts(long bytes, String sha256) {}

    /// The manifest of all files in a folder.
    static Manifest of(Path folder, String fingerprint, Ledger ledger) throws IOException {
        Map<String, FileFacts> files = new LinkedHashMap<>();
        try (Stream<Path> listed = Files.list(folder)) {
            for (Path file : listed.sorted().toList()) {
                files.put(file.getFileName().toString(), new FileFacts(Files.size(file), FileHash.sha256(file)));
            }
        }
        return new Manifest(fingerprint, files, ledger);
    }

    /// What has been made so far, by the sizes of files.
    static Manifest ofProgress(Path folder, List<String> names, String fingerprint, Ledger ledger) throws IOException {
        Map<String, FileFacts> files = new LinkedHashMap<>();
        for (String name : names) {
            files.put(name, new FileFacts(Files.size(folder.resolve(name)), ""));
        }
        return new Manifest(fingerprint, files, ledger);
    }

    /// Cuts off what was appended to files later, and deletes what was half written.
    ///
    /// @return whether that could be done: no file is missing or shorter than it was
    boolean restore(Path folder) throws IOException {
        for (Map.Entry<String, FileFacts> entry : files.entrySet()) {
            Path file = folder.resolve(entry.getKey());
            if (!Files.isRegularFile(file) || Files.size(file) < entry.getValue().bytes) {
                return false;
            }
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(entry.getValue().bytes);
            }
        }
        try (DirectoryStream<Path> halfWritten = Files.newDirectoryStream(folder, "*.tmp")) {
            for (Path file : halfWritten) {
                Files.delete(file);
            }
        }
        return true;
    }

    /// @param name of the file in the folder: [#NAME] or [#PROGRESS]
    void write(Path folder, String name) throws IOException {
        StringBuilder text =
                new StringBuilder("fingerprint\t").append(fingerprint).append('\n');
        files.forEach((file, facts) -> text.append("file\t" + file + "\t" + facts.bytes + "\t" + facts.sha256 + "\n"));
        ledger.counts()
                .forEach((what, count) ->
                        text.append("count\t" + what + "\t" + count.documents() + "\t" + count.bytes() + "\n"));
        ledger.notes().forEach(note -> text.append("note\t").append(note).append('\n'));
        ledger.hits().forEach(hit -> text.append("hit\t").append(hit).append('\n'));
        AtomicFile.write(folder.resolve(name), text.toString());
    }

    /// @throws IOException if there is none, or it is not one
    static Manifest read(Path folder, String name) throws IOException {
        String fingerprint = "";
        Map<String, FileFacts> files = new LinkedHashMap<>();
        Ledger ledger = new Ledger();
        try {
            for (String line : Files.readAllLines(folder.resolve(name))) {
                String[] parts = line.split("\t", -1);
                switch (parts[0]) {
                    case "fingerprint" -> fingerprint = parts[1];
                    case "file" -> files.put(parts[1], new FileFacts(Long.parseLong(parts[2]), parts[3]));
                    case "count" -> ledger.add(parts[1], Long.parseLong(parts[2]), Long.parseLong(parts[3]));
                    case "note" -> ledger.note(parts[1]);
                    case "hit" -> ledger.hit(parts[1]);
                    default -> throw new IOException(folder.resolve(name) + ": unknown line '" + parts[0] + "'");
                }
            }
        } catch (RuntimeException e) {
            throw new IOException(folder.resolve(name) + ": is damaged: " + e.getMessage(), e);
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
                    || !FileHash.sha256(file).equals(facts.sha256)) {
                return false;
            }
        }
        return true;
    }

    static String sha256(List<String> texts) {
        MessageDigest digest = FileHash.sha256();
        texts.forEach(text -> digest.update((text + "\n").getBytes(StandardCharsets.UTF_8)));
        return HexFormat.of().formatHex(digest.digest());
    }
}
