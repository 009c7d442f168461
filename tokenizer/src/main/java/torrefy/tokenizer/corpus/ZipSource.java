package torrefy.tokenizer.corpus;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/// The files in a zip. What a zip says about the size of a file in it may be wrong: no more is read of one than a
/// document may hold.
///
/// @param wanted chooses by the name of the entry
record ZipSource(Path file, String name, Predicate<String> wanted) implements DocumentSource {

    @Override
    public void read(DocumentSink sink) throws IOException {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            List<ZipEntry> entries = zip.stream()
                    .map(ZipEntry.class::cast)
                    .filter(entry -> !entry.isDirectory() && wanted.test(entry.getName()))
                    .toList();
            long total =
                    entries.stream().mapToLong(entry -> sizeOf(entry, sink)).sum();
            for (String entry :
                    ScatteredOrder.of(entries.stream().map(ZipEntry::getName).toList())) {
                if (sink.hasEnough()) {
                    return;
                }
                read(zip, zip.getEntry(entry), TextParts.partBytes(total), sink);
            }
        } catch (IOException e) {
            throw new IOException(name + ": cannot be read as a zip: " + Reason.of(e), e);
        }
    }

    private static long sizeOf(ZipEntry entry, DocumentSink sink) {
        return Math.clamp(entry.getSize(), 0, sink.largestDocument());
    }

    private void read(ZipFile zip, ZipEntry entry, int partBytes, DocumentSink sink) throws IOException {
        String source = name + "!" + entry.getName();
        if (entry.getSize() > sink.largestDocument()) {
            sink.tooLarge(source, entry.getSize());
            return;
        }
        byte[] bytes;
        try (InputStream in = zip.getInputStream(entry)) {
            bytes = in.readNBytes(sink.largestDocument() + 1);
        } catch (IOException e) {
            sink.unreadable(source, Reason.of(e));
            return;
        }
        if (bytes.length > sink.largestDocument()) {
            sink.tooLarge(source, -1);
        } else {
            TextParts.read(new ByteArrayInputStream(bytes), source, partBytes, sink);
        }
    }
}
