package torrefy.tokenizer.corpus.read;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/// The files in a zip. What a zip says about the size of a file in it may be wrong: no more is read of a text than a
/// document may hold. Damage to one entry costs that entry. Of entries with the same name the last one can be read, as
/// those do who unpack a zip; the others are named.
///
/// @param wanted chooses by the name of the entry
record ZipSource(Path file, String name, ReadingRules rules, Predicate<String> wanted) implements DocumentSource {

    @Override
    public void read(DocumentSink sink) throws IOException {
        try (ZipFile zip = open(file)) {
            List<ZipEntry> entries = zip.stream()
                    .map(ZipEntry.class::cast)
                    .filter(entry -> !entry.isDirectory() && wanted.test(entry.getName()))
                    .toList();
            long total =
                    entries.stream().mapToLong(entry -> sizeOf(entry, sink)).sum();
            Expansion expansion = new Expansion(Files.size(file), rules.mostExpansion());
            Contents contents = new Contents(rules.forCorpusOf(total), expansion, sink);
            Set<String> names = new TreeSet<>();
            for (ZipEntry entry : entries) {
                if (!names.add(entry.getName())) {
                    sink.unreadable(Contents.label(name, entry.getName()), "another entry has the same name");
                }
            }
            for (String entry : ScatteredOrder.of(List.copyOf(names))) {
                if (sink.hasEnough()) {
                    return;
                }
                read(zip, zip.getEntry(entry), expansion, contents, sink);
            }
        } catch (IOException e) {
            throw new IOException(name + ": cannot be read as a zip: " + Reason.of(e), e);
        }
    }

    /// Old programs write names in the encoding of their country: all bytes are characters of Latin-1.
    private static ZipFile open(Path file) throws IOException {
        try {
            return new ZipFile(file.toFile());
        } catch (ZipException e) {
            return new ZipFile(file.toFile(), StandardCharsets.ISO_8859_1);
        }
    }

    private static long sizeOf(ZipEntry entry, DocumentSink sink) {
        return Math.clamp(entry.getSize(), 0, sink.largestDocument());
    }

    private void read(ZipFile zip, ZipEntry entry, Expansion expansion, Contents contents, DocumentSink sink)
            throws IOException {
        String source = Contents.label(name, entry.getName());
        boolean isText = FileKind.of(entry.getName()) == FileKind.TEXT;
        if (isText && entry.getSize() > sink.largestDocument()) {
            sink.tooLarge(source, entry.getSize());
            return;
        }
        try (InputStream in = expansion.watch(zip.getInputStream(entry))) {
            if (!isText) {
                contents.read(source, entry.getName(), in);
                return;
            }
            byte[] bytes = in.readNBytes(sink.largestDocument() + 1);
            if (bytes.length > sink.largestDocument()) {
                sink.tooLarge(source, -1);
            } else {
                contents.read(source, entry.getName(), new ByteArrayInputStream(bytes));
            }
        } catch (Expansion.BombException e) {
            throw e;
        } catch (IOException e) {
            sink.unreadable(source, Reason.of(e));
        }
    }
}
