package torrefy.tokenizer.corpus.read;

import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import torrefy.tokenizer.Utf8;

/// Finds the documents in a stream, layer by layer: the end of a name tells what a layer is, and what is inside a
/// layer has a name of its own. `books.tar.zst` is zstd, in it a tar, in it perhaps `a.jsonl.gz`.
///
/// Nothing is written anywhere and no name is opened: the names in an archive are labels, so `../../etc/passwd` is
/// as good as any.
final class Contents {

    /// Archives in archives, deeper than anyone packs them.
    private static final int DEEPEST = 8;

    /// 2^31 bytes, the largest window that zstd's format knows.
    private static final int LONGEST_WINDOW = 31;

    private static final int BUFFER = 1 << 16;

    private final ReadingRules rules;
    private final Expansion expansion;
    private final DocumentSink sink;

    Contents(ReadingRules rules, Expansion expansion, DocumentSink sink) {
        this.rules = rules;
        this.expansion = expansion;
        this.sink = sink;
    }

    /// Reads a stream to its end, or until the sink has enough, and leaves it open.
    ///
    /// @param source what to call it in the names of its documents
    /// @param name its end tells what it is
    void read(String source, String name, InputStream in) throws IOException {
        read(source, name, in, 0);
    }

    private void read(String source, String name, InputStream in, int depth) throws IOException {
        if (depth > DEEPEST) {
            throw new IOException("archives are packed in each other more than " + DEEPEST + " deep");
        }
        switch (FileKind.of(name)) {
            case GZIP -> read(source, FileKind.inner(name), gunzip(in), depth + 1);
            case ZSTD -> read(source, FileKind.inner(name), unzstd(in), depth + 1);
            case COMPRESSED_TAR -> readTar(source, gunzip(in), depth);
            case TAR -> readTar(source, in, depth);
            case ZIP -> readZip(source, in, depth);
            case WEB_ARCHIVE -> new WebArchive(rules, sink).read(source, expansion.watch(in));
            case JSON_LINES -> new JsonLines(rules.textField(), sink).read(source, in);
            case TEXT -> readText(source, name, in);
        }
    }

    private InputStream gunzip(InputStream in) throws IOException {
        return expansion.watch(new GZIPInputStream(new BufferedInputStream(in, BUFFER), BUFFER));
    }

    /// Any number of frames, one after another, skippable ones among them: the library reads on over both.
    private InputStream unzstd(InputStream in) throws IOException {
        return expansion.watch(new BufferedInputStream(new ZstdInputStream(in).setLongMax(LONGEST_WINDOW), BUFFER));
    }

    private void readTar(String source, InputStream in, int depth) throws IOException {
        // Not closed: it would close a stream that is not ours.
        TarArchiveInputStream tar = new TarArchiveInputStream(in);
        TarArchiveEntry entry = tar.getNextEntry();
        while (entry != null && !sink.hasEnough()) {
            if (entry.isFile()) {
                readEntry(source, entry.getName(), tar, depth);
            }
            entry = tar.getNextEntry();
        }
    }

    private void readZip(String source, InputStream in, int depth) throws IOException {
        ZipInputStream zip = new ZipInputStream(in, StandardCharsets.ISO_8859_1);
        InputStream unpacked = expansion.watch(zip);
        ZipEntry entry = zip.getNextEntry();
        while (entry != null && !sink.hasEnough()) {
            if (!entry.isDirectory()) {
                readEntry(source, nameOf(entry), unpacked, depth);
            }
            entry = zip.getNextEntry();
        }
    }

    /// Damage to one entry costs that entry: the archive knows where the next one begins.
    private void readEntry(String archive, String name, InputStream in, int depth) throws IOException {
        try {
            read(label(archive, name), name, in, depth + 1);
        } catch (Expansion.BombException e) {
            throw e;
        } catch (IOException e) {
            sink.unreadable(label(archive, name), Reason.of(e));
        }
    }

    /// Read as Latin-1 no name is malformed; most are UTF-8 in truth.
    private static String nameOf(ZipEntry entry) {
        String name = entry.getName();
        byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
        boolean isUtf8 =
                name.chars().allMatch(c -> c <= 0xFF) && Utf8.wellFormedEnd(bytes, 0, bytes.length) == bytes.length;
        return isUtf8 ? new String(bytes, StandardCharsets.UTF_8) : name;
    }

    /// The name of an entry goes into reports and side files: line ends and control characters must not.
    static String label(String source, String entry) {
        StringBuilder label = new StringBuilder(source).append('!');
        entry.codePoints()
                .map(point -> Character.isISOControl(point) ? 0xFFFD : point)
                .forEach(label::appendCodePoint);
        return label.toString();
    }

    private void readText(String source, String name, InputStream in) throws IOException {
        TextForm form = TextForm.of(name);
        if (form != TextForm.HTML || !rules.extract()) {
            TextParts.read(in, source, form, rules, sink);
            return;
        }
        // What of a page is content is told by all of it.
        byte[] bytes = in.readNBytes(sink.largestDocument() + 1);
        if (bytes.length > sink.largestDocument()) {
            sink.tooLarge(source, -1);
        } else {
            Charset encoding = TextEncoding.of(bytes, form, null, rules.encoding());
            sink.document(new Document(source, form, 0, bytes.length, bytes, encoding)
                    .withText(HtmlText.of(bytes, encoding)));
        }
    }
}
