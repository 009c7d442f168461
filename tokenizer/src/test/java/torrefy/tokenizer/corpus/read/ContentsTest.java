package torrefy.tokenizer.corpus.read;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContentsTest {

    @TempDir
    Path folder;

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }

    private static byte[] tar(Object... namesAndContents) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
            for (int i = 0; i < namesAndContents.length; i += 2) {
                byte[] contents = (byte[]) namesAndContents[i + 1];
                TarArchiveEntry entry = new TarArchiveEntry((String) namesAndContents[i], true);
                entry.setSize(contents.length);
                tar.putArchiveEntry(entry);
                tar.write(contents);
                tar.closeArchiveEntry();
            }
        }
        return out.toByteArray();
    }

    private static byte[] zip(String name, byte[] contents) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry(name));
            zip.write(contents);
        }
        return out.toByteArray();
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    private Collecting read(String name, byte[] contents) throws IOException {
        return read(name, contents, ReadingRules.standard().withExtraction(true).withPartBytes(1 << 16));
    }

    private Collecting read(String name, byte[] contents, ReadingRules rules) throws IOException {
        Files.write(folder.resolve(name), contents);
        Collecting sink = new Collecting(1 << 20);
        DocumentSource.of(folder, rules).read(sink);
        Files.delete(folder.resolve(name));
        return sink;
    }

    private static String text(Collecting sink) {
        assertEquals(List.of(), sink.unreadable);
        assertEquals(1, sink.documents.size());
        return new String(sink.documents.getFirst().bytes(), StandardCharsets.UTF_8);
    }

    @Test
    void compressionIsTakenOff() throws IOException {
        assertEquals("hello", text(read("a.txt.gz", gzip(bytes("hello")))));
        assertEquals("hello", text(read("a.txt.gz", joined(gzip(bytes("hel")), gzip(bytes("lo"))))));
        assertEquals("hello", text(read("a.zst", Zstd.compress(bytes("hello")))));
    }

    /// Two frames with a skippable one between them (RFC 8878, 3.1.2).
    @Test
    void zstdMayHoldManyFramesAndSkippableOnes() throws IOException {
        byte[] skippable = {0x50, 0x2A, 0x4D, 0x18, 3, 0, 0, 0, 1, 2, 3};
        byte[] frames = joined(Zstd.compress(bytes("hel")), skippable, Zstd.compress(bytes("lo")));
        assertEquals("hello", text(read("a.txt.zst", frames)));
    }

    @Test
    void archivesAreTakenApartHoweverTheyAreNested() throws IOException {
        byte[] tar = tar(
                "x/one.txt",
                bytes("one"),
                "two.jsonl.gz",
                gzip(bytes("{\"text\": \"two\"}\n")),
                "three.zip",
                zip("in.py", bytes("three")));
        for (String name : List.of("a.tar", "a.tar.gz", "a.tgz", "a.tar.zst")) {
            byte[] packed = name.endsWith("gz") ? gzip(tar) : name.endsWith("zst") ? Zstd.compress(tar) : tar;
            Collecting sink = read(name, packed);
            assertEquals(
                    List.of(name + "!x/one.txt", name + "!two.jsonl.gz:1", name + "!three.zip!in.py"), sink.sources());
            assertEquals(TextForm.CODE, sink.documents.getLast().form());
        }
    }

    @Test
    void damageInAnArchiveCostsTheEntryThatIsDamaged() throws IOException {
        byte[] whole = gzip(bytes("some text"));
        byte[] broken = Arrays.copyOf(whole, whole.length - 12);
        ByteArrayOutputStream old = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(old, StandardCharsets.ISO_8859_1)) {
            zip.putNextEntry(new ZipEntry("für.txt"));
            zip.write('a');
        }
        byte[] tar = tar(
                "a.txt.gz",
                broken,
                "b.zip",
                old.toByteArray(),
                "c.zip",
                zip("ä.txt", bytes("zip")),
                "d.txt",
                bytes("d"));
        Collecting sink = read("a.tar", tar);
        assertEquals(List.of("a.tar!b.zip!für.txt", "a.tar!c.zip!ä.txt", "a.tar!d.txt"), sink.sources());
        assertEquals(List.of("a.tar!a.txt.gz: Unexpected end of ZLIB input stream"), sink.unreadable);
    }

    @Test
    void aDocumentKnowsItsPlaceInItsSource() throws IOException {
        String lines = "{\"text\": \"one\"}\n\n{\"text\": \"two\"}\n";
        Document two = read("a.jsonl", bytes(lines)).documents.get(1);
        assertEquals("{\"text\": \"two\"}\n", lines.substring((int) two.from(), (int) two.to()));

        String text = "A line of some text.\n".repeat(10_000);
        List<Document> parts = read("a.txt", bytes(text)).documents;
        assertTrue(parts.size() > 3);
        for (Document part : parts) {
            assertArrayEquals(bytes(text.substring((int) part.from(), (int) part.to())), part.bytes());
        }
    }

    @Test
    void anotherFieldOfJsonCanBeChosen() throws IOException {
        Path file = Files.writeString(folder.resolve("a.jsonl"), "{\"content\": \"this\", \"text\": \"not this\"}\n");
        Collecting sink = new Collecting(1000);
        DocumentSource.of(file, ReadingRules.standard().withTextField("content"))
                .read(sink);
        assertEquals("this", text(sink));
    }

    @Test
    void theContentOfAPageIsItsTextWithoutTheMenus() throws IOException {
        String html = """
                <html><head><title>T</title><script>var x = "no";</script></head><body>
                <nav><a href="/">Home</a></nav>
                <ul><li><a href="a">One</a><li><a href="b">Two</a><li><a href="c">Three</a></ul>
                <main><h1>Heading</h1><p>First <b>bold</b> paragraph,
                with a <a href="x">link</a>.</p><p>Second &amp; last: Größe.<br>New line.</p>
                <pre>  code {
                    kept }</pre><table><tr><td>a</td><td>b</td></tr></table></main>
                <footer>Imprint</footer></body></html>""";
        assertEquals("""
                Heading

                First bold paragraph, with a link.

                Second & last: Größe.
                New line.

                  code {
                    kept }

                a\tb
                """, text(read("a.html", bytes(html))));
    }

    /// Blocks in blocks in blocks: of those that hold it the innermost is mostly links, and without two paragraphs.
    @Test
    void aMenuIsFoundHoweverDeepItLies() throws IOException {
        String menu = "<div>Go to <a href=a>one page</a> <a href=b>another page</a> <a href=c>the third page</a></div>";
        String html = "<div>".repeat(300) + "<p>Some text.</p><div><p>More of it.</p><p>The end.</p>" + menu + "</div>"
                + "</div>".repeat(300);
        assertEquals("Some text.\n\nMore of it.\n\nThe end.\n", text(read("a.html", bytes(html))));
    }

    @Test
    void aPageSaysInWhichEncodingItIs() throws IOException {
        String html = "<html><head><meta charset='iso-8859-1'></head><body><p>Größe</p></body></html>";
        assertEquals("Größe\n", text(read("a.htm", html.getBytes(StandardCharsets.ISO_8859_1))));
    }

    /// A page that says nothing is as declared; one that says something, as it says.
    @Test
    void aDeclaredEncodingHoldsForTextsThatSayNothing() throws IOException {
        ReadingRules rules = ReadingRules.standard()
                .withExtraction(true)
                .withPartBytes(1 << 16)
                .withEncoding(Charset.forName("KOI8-R"));
        String word = "привет";
        String page = "<html><head>%s</head><body><p>" + word + "</p></body></html>";
        assertEquals(word + "\n", text(read("a.html", page.formatted("").getBytes("KOI8-R"), rules)));
        String said = page.formatted("<meta charset=windows-1251>");
        assertEquals(word + "\n", text(read("b.html", said.getBytes("windows-1251"), rules)));
        assertEquals(word, text(read("a.md", ("[" + word + "](x)").getBytes("KOI8-R"), rules)));
        assertEquals(word, text(read("a.jsonl", bytes("{\"text\": \"" + word + "\"}"), rules)));

        Document plain = read("a.txt", word.getBytes("KOI8-R"), rules).documents.getFirst();
        assertEquals("KOI8-R", plain.encoding().name());
        assertArrayEquals(word.getBytes("KOI8-R"), plain.bytes());
    }

    /// Cleaning decodes what is not extracted, by what the page says.
    @Test
    void aRawPageKeepsItsBytesAndTheEncodingItSays() throws IOException {
        byte[] page = "<meta charset=windows-1251><p>привет".getBytes("windows-1251");
        Document raw = read("a.html", page, ReadingRules.standard()).documents.getFirst();
        assertEquals("windows-1251", raw.encoding().name());
        assertArrayEquals(page, raw.bytes());
    }

    @Test
    void codeInMarkdownStaysAsItIs() throws IOException {
        String code = """
                ```js
                handlers[name](event); // <!-- no comment -->
                [key]: value
                ```
                """;
        String open = "~~~~\n```\nmap[i](x)\n~~~\n![a](b)\n";
        String link = "See [this](https://a.b/c).\n";
        String text = text(read("a.md", bytes(link + code + link + open)));
        assertEquals("See this.\n" + code + "See this.\n" + open, text);
    }

    @Test
    void markdownLosesWhatIsNotRead() throws IOException {
        String markdown = """
                ---
                title: x
                ---
                # Heading

                ![picture](a.png)See [the *text*](http://a.b/c) here. <!-- not
                this --> `code[0](x)`

                [1]: http://a.b
                """;
        assertEquals("# Heading\n\nSee the *text* here.  `code0`\n\n", text(read("a.md", bytes(markdown))));
    }

    private static final String WARC_HEAD = "WARC/1.0\r\nWARC-Type: %s\r\nWARC-Date: 2024-01-01T00:00:00Z\r\n"
            + "WARC-Record-ID: <urn:uuid:%s>\r\nWARC-Target-URI: http://a.b/%s\r\n"
            + "Content-Type: %s\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n";

    private static String record(String type, int number, String contentType, String body) {
        String id = "12345678-1234-1234-1234-12345678901" + number;
        return WARC_HEAD.formatted(type, id, "page" + number, contentType, bytes(body).length, body);
    }

    @Test
    void aWebArchiveGivesItsPages() throws IOException {
        String html = "<html><body><p>A page of text.</p></body></html>";
        String response = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: "
                + html.length() + "\r\n\r\n" + html;
        String missing = "HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\nno";
        String first = record("response", 1, "application/http; msgtype=response", response);
        String second = record("response", 2, "application/http; msgtype=response", missing);
        String strict = response.replace("text/html", "application/xhtml+xml");
        assertEquals(
                "A page of text.\n",
                text(read("a.warc", bytes(record("response", 1, "application/http; msgtype=response", strict)))));
        Collecting plain = read("a.warc", bytes(first + second));
        assertEquals(List.of("a.warc!http://a.b/page1"), plain.sources());
        assertEquals("A page of text.\n", text(plain));
        assertEquals("A page of text.\n", text(read("a.warc.gz", joined(gzip(bytes(first)), gzip(bytes(second))))));

        String wet = record("conversion", 3, "text/plain", "Extracted text.");
        assertEquals("Extracted text.", text(read("a.warc.wet.gz", gzip(bytes(wet)))));
    }

    /// A charset that is no name of any is as if none were said: then the page tells.
    @Test
    void aServerSaysInWhichEncodingAPageIs() throws IOException {
        String page = "<html><head><meta charset=windows-1251></head><body><p>hello</p></body></html>";
        for (String charset : List.of("koi8-r", "no such", "\"utf-8;x\"")) {
            String response = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=" + charset + "\r\nContent-Length: "
                    + page.length() + "\r\n\r\n" + page;
            Collecting sink =
                    read("a.warc", bytes(record("response", 1, "application/http; msgtype=response", response)));
            assertEquals("hello\n", text(sink), charset);
        }
        String plain = "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=koi8-r\r\nContent-Length: 5\r\n\r\nhello";
        Collecting sink = read("a.warc", bytes(record("response", 1, "application/http; msgtype=response", plain)));
        assertEquals("KOI8-R", sink.documents.getFirst().encoding().name());
    }

    /// A megabyte of zeros becomes a kilobyte; a megabyte of such kilobytes becomes one again.
    @Test
    void aBombIsGivenUpAndCostsItself() throws IOException {
        byte[] zeros = new byte[1 << 24];
        byte[] layer = gzip(zeros);
        byte[] bomb = gzip(joined(layer, layer, layer, layer, layer, layer));
        Files.writeString(folder.resolve("good.txt"), "good");
        Collecting sink = read("bomb.gz.gz", bomb);
        assertTrue(sink.unreadable.getFirst().contains("taken for a bomb"), sink.unreadable.toString());
        assertTrue(sink.sources().contains("good.txt"));

        byte[] zipBomb = zip("zeros.txt", new byte[100 << 20]);
        sink = read("bomb.zip", zipBomb);
        assertEquals(1, sink.tooLarge.size(), sink.tooLarge.toString());
        assertTrue(sink.sources().contains("good.txt"));
    }

    private static IOException assertRefusedAsStream(byte[] contents, String name) {
        return assertThrows(
                IOException.class,
                () -> DocumentSource.of(new ByteArrayInputStream(contents), name, ReadingRules.standard())
                        .read(new Collecting(1 << 20)));
    }

    /// The size of a stream is not known beforehand: what has been read of it must do.
    @Test
    void aBombIsGivenUpInAStreamToo() throws IOException {
        byte[] zeros = new byte[80 << 20];
        for (IOException refused : List.of(
                assertRefusedAsStream(gzip(zeros), "stdin.txt.gz"),
                assertRefusedAsStream(Zstd.compress(zeros), "stdin.txt.zst"),
                assertRefusedAsStream(zip("zeros.txt", zeros), "stdin.zip"))) {
            assertTrue(refused.getMessage().contains("taken for a bomb"), refused.getMessage());
        }

        // As large, but only some fifty times as large as it is packed.
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        Random random = new Random(1);
        while (text.size() < zeros.length) {
            byte[] line = new byte[100];
            random.nextBytes(line);
            for (int i = 0; i < 100; i++) {
                text.writeBytes(line);
            }
        }
        Collecting sink = new Collecting(1 << 20);
        DocumentSource.of(new ByteArrayInputStream(gzip(text.toByteArray())), "stdin.txt.gz", ReadingRules.standard())
                .read(sink);
        assertEquals(text.size(), sink.documents.getLast().to());
    }

    @Test
    void archivesInArchivesWithoutEndAreGivenUp() throws IOException {
        byte[] packed = bytes("text");
        String name = "a.txt";
        for (int i = 0; i < 12; i++) {
            packed = tar(name, packed);
            name = i + ".tar";
        }
        Collecting sink = read("deep.tar", packed);
        assertTrue(sink.unreadable.getFirst().contains("8 deep"), sink.unreadable.toString());
    }

    /// Names in archives are labels: nothing is written, and what the label holds cannot break a report.
    @Test
    void aNameThatLeadsOutOfTheArchiveLeadsNowhere() throws IOException {
        String evil = "../../../escaped\n\u0007.txt";
        Collecting sink = read("evil.tar", tar(evil, bytes("text")));
        assertEquals(List.of("evil.tar!../../../escaped\uFFFD\uFFFD.txt"), sink.sources());
        assertEquals(1, read("evil.zip", zip(evil, bytes("text"))).documents.size());
        assertFalse(Files.exists(folder.resolve(evil)));
        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(0, left.count());
        }
    }

    @Test
    void aCutOffFileCostsWhatIsMissing() throws IOException {
        byte[] whole = gzip(bytes("{\"text\": \"some text that does not end\"}\n".repeat(5000)));
        Collecting sink = read("a.jsonl.gz", Arrays.copyOf(whole, whole.length - 20));
        assertEquals(1, sink.unreadable.size());
        assertTrue(sink.documents.size() < 5000);
        assertTrue(read("a.tar.zst", bytes("this is not zstd"))
                .unreadable
                .getFirst()
                .contains("cannot be read"));
        assertTrue(
                read("a.warc", bytes("this is no archive\r\n\r\n")).unreadable.size() == 1);
    }

    /// Bounded: a line may be as long as it likes.
    @Test
    void aLineWithoutEndIsCut() throws IOException {
        Collecting sink = read("a.txt", bytes("x".repeat(1 << 20)));
        assertEquals(16, sink.documents.size());
        assertTrue(sink.documents.stream().allMatch(part -> part.bytes().length == 1 << 16));
        sink = read("a.jsonl", bytes("{\"text\": \"" + "x".repeat(3 << 20) + "\"}\n{\"text\": \"y\"}"));
        assertEquals(List.of("a.jsonl:1: -1"), sink.tooLarge);
        assertEquals("y", text(sink));
    }

    /// What two gigabytes without a line end do, without the two gigabytes: more than an `int` counts and more than any
    /// array holds.
    @Test
    void aLineOfTwoGigabytesIsReadInABoundedHeap() throws IOException {
        long length = (1L << 31) + 4711;
        long[] parts = new long[2];
        ReadingRules rules = ReadingRules.standard().withPartBytes(1 << 16);
        DocumentSource.of(new LongLine("", length, ""), "stdin", rules).read(new Collecting(1 << 20) {
            @Override
            public void document(Document document) {
                assertEquals(parts[1], document.from());
                parts[0]++;
                parts[1] = document.to();
            }
        });
        assertEquals((length >> 16) + 1, parts[0]);
        assertEquals(length, parts[1]);

        Collecting sink = new Collecting(1 << 20);
        String second = "{\"text\": \"y\"}\n";
        new JsonLines("text", sink).read("a.jsonl", new LongLine("{\"text\": \"", length, "\"}\n" + second));
        assertEquals(List.of("a.jsonl:1: -1"), sink.tooLarge);
        assertEquals("y", text(sink));
        long from = sink.documents.getFirst().from();
        assertEquals("{\"text\": \"".length() + length + "\"}\n".length(), from);
        assertEquals(from + second.length(), sink.documents.getFirst().to());
    }

    /// So many times `x` between two texts, made as it is read.
    private static final class LongLine extends InputStream {
        private final InputStream head;
        private final InputStream tail;
        private long left;

        LongLine(String head, long length, String tail) {
            this.head = new ByteArrayInputStream(bytes(head));
            this.left = length;
            this.tail = new ByteArrayInputStream(bytes(tail));
        }

        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0];
        }

        @Override
        public int read(byte[] buffer, int at, int length) {
            InputStream end = left > 0 ? head : tail;
            try {
                int count = end.read(buffer, at, length);
                if (count >= 0 || left == 0) {
                    return count;
                }
            } catch (IOException e) {
                throw new AssertionError("an array can be read", e);
            }
            int count = (int) Math.min(length, left);
            Arrays.fill(buffer, at, at + count, (byte) 'x');
            left -= count;
            return count;
        }
    }

    /// Not even a superuser may read the memory of a process from its beginning: the nearest thing to a broken disk.
    @Test
    void aFileThatFailsWhileItIsReadCostsItself() throws IOException {
        Path memory = Path.of("/proc/self/mem");
        Assumptions.assumeTrue(Files.isRegularFile(memory));
        Files.createSymbolicLink(folder.resolve("broken.txt"), memory);
        Collecting sink = read("good.txt", bytes("good"));
        Files.delete(folder.resolve("broken.txt"));
        assertEquals(List.of("broken.txt: cannot be read: Input/output error"), sink.unreadable);
        assertEquals(List.of("good.txt"), sink.sources());
    }

    @Test
    void theEndOfANameTellsWhatIsInside() {
        assertEquals(FileKind.WEB_ARCHIVE, FileKind.of("CC-MAIN.WARC.GZ"));
        assertEquals(FileKind.GZIP, FileKind.of("a.tar.gz"));
        assertEquals(FileKind.TEXT, FileKind.of("gz"));
        assertEquals(TextForm.CODE, TextForm.of("src/A.java"));
        assertEquals(TextForm.MARKDOWN, TextForm.of("README.md"));
        assertEquals(TextForm.PROSE, TextForm.of("a.b/LICENSE"));
        assertThrows(
                IllegalArgumentException.class, () -> ReadingRules.standard().withPartBytes(3));
    }
}
