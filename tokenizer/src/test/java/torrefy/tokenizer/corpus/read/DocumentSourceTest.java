package torrefy.tokenizer.corpus.read;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DocumentSourceTest {

    @TempDir
    Path folder;

    private Path write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private Path zip(String name, Object... namesAndContents) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        try (OutputStream out = Files.newOutputStream(file);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            for (int i = 0; i < namesAndContents.length; i += 2) {
                zip.putNextEntry(new ZipEntry((String) namesAndContents[i]));
                zip.write(
                        namesAndContents[i + 1] instanceof byte[] bytes
                                ? bytes
                                : ((String) namesAndContents[i + 1]).getBytes(StandardCharsets.UTF_8));
            }
        }
        return file;
    }

    private static Collecting read(DocumentSource source) throws IOException {
        Collecting sink = new Collecting(1000);
        source.read(sink);
        return sink;
    }

    private Collecting read(Path path) throws IOException {
        return read(DocumentSource.of(path));
    }

    private static String text(Document document) {
        return new String(document.bytes(), StandardCharsets.UTF_8);
    }

    @Test
    void aFileIsADocument() throws IOException {
        Path file = write("a.txt", "hello");
        Collecting sink = read(file);
        assertEquals(List.of(file.toString()), sink.sources());
        assertEquals("hello", text(sink.documents.getFirst()));
    }

    @Test
    void aFolderIsReadToItsDepthInAnOrderThatIsAlwaysTheSame() throws IOException {
        Set<String> names = new TreeSet<>();
        for (int i = 0; i < 31; i++) {
            String name = i % 3 == 0 ? "file" + i : i % 3 == 1 ? "deep/er/file" + i : "other/file" + i;
            names.add(name);
            write("corpus/" + name, "text " + i);
        }
        List<String> first = read(folder.resolve("corpus")).sources();
        assertEquals(names, new TreeSet<>(first));
        assertEquals(31, first.size());
        assertTrue(!first.equals(List.copyOf(names)), "a scattered order is not the alphabet's");

        // The same files made in another order.
        for (String name : names.stream().sorted((a, b) -> b.compareTo(a)).toList()) {
            write("again/" + name, "text");
        }
        assertEquals(first, read(folder.resolve("again")).sources());
    }

    @Test
    void hiddenFilesAreLeftOut() throws IOException {
        write("corpus/seen", "a");
        write("corpus/.hidden", "b");
        write("corpus/.git/objects", "c");
        assertEquals(List.of("seen"), read(folder.resolve("corpus")).sources());
    }

    @Test
    void linksDoNotLoop() throws IOException {
        write("corpus/a/text", "a");
        Path corpus = folder.resolve("corpus");
        Files.createSymbolicLink(corpus.resolve("a/back"), corpus);
        Files.createSymbolicLink(corpus.resolve("a/self"), Path.of("self"));
        Files.createSymbolicLink(corpus.resolve("nowhere"), Path.of("gone"));
        Files.createSymbolicLink(corpus.resolve("twin"), Path.of("a", "text"));
        Collecting sink = read(corpus);
        assertEquals(Set.of("a/text", "twin"), Set.copyOf(sink.sources()));
        assertEquals(
                List.of("a/self: a link that leads nowhere", "nowhere: a link that leads nowhere"),
                sink.unreadable.stream().sorted().toList());

        Path link = Files.createSymbolicLink(folder.resolve("link"), corpus);
        assertEquals(2, read(link).documents.size());
    }

    /// A name is bytes, whatever Java can show of it: in a URI any of them can be written.
    @Test
    void noTwoNamesAreTakenForOne() throws IOException {
        Path corpus = Files.createDirectories(folder.resolve("corpus"));
        for (String name : List.of("a%FF.txt", "a%FE.txt", "%E6%97%A5.txt", "line%0Aend.txt", "a%20b.txt")) {
            Files.writeString(Path.of(URI.create(corpus.toUri() + name)), "text");
        }
        assertEquals(
                Set.of("a\\xFF.txt", "a\\xFE.txt", "日.txt", "line\nend.txt", "a b.txt"),
                Set.copyOf(read(corpus).sources()));
    }

    @Test
    void whatMightNeverEndIsNamedAndNotOpened() throws IOException {
        write("corpus/a.txt", "a");
        Files.createSymbolicLink(folder.resolve("corpus/zero.txt"), Path.of("/dev/zero"));
        Collecting sink = read(folder.resolve("corpus"));
        assertEquals(List.of("a.txt"), sink.sources());
        assertEquals(List.of("zero.txt: is neither a file nor a folder"), sink.unreadable);
    }

    @Test
    void aLongTextInASmallFolderIsCut() throws IOException {
        write("corpus/book.txt", "A line of text.\n".repeat(1000));
        assertEquals(4, read(folder.resolve("corpus")).documents.size());
    }

    /// All files are listed before the first is read.
    @Test
    void aFileThatVanishesWhileAFolderIsReadCostsItself() throws IOException {
        write("corpus/a.txt", "a");
        write("corpus/b.txt", "b");
        List<String> read = new ArrayList<>();
        List<String> lost = new ArrayList<>();
        DocumentSource.of(folder.resolve("corpus")).read(new DocumentSink() {
            @Override
            public void document(Document document) {
                read.add(document.source());
                String other = document.source().equals("a.txt") ? "b.txt" : "a.txt";
                assertTrue(folder.resolve("corpus").resolve(other).toFile().delete());
            }

            @Override
            public void unreadable(String source, String why) {
                lost.add(source + ": " + why);
            }

            @Override
            public void tooLarge(String source, long bytes) {}

            @Override
            public int largestDocument() {
                return 1000;
            }

            @Override
            public boolean hasEnough() {
                return false;
            }
        });
        assertEquals(1, read.size());
        assertEquals(1, lost.size());
        assertTrue(lost.getFirst().matches("[ab]\\.txt: .*it is gone"), lost.getFirst());
    }

    @Test
    void aBrokenFileInAFolderCostsItself() throws IOException {
        write("corpus/good.txt", "good");
        write("corpus/broken.zip", "this is no zip");
        zip("corpus/whole.zip", "in.txt", "zipped");
        write("corpus/lines.jsonl", "{\"text\": \"one\"}\nnonsense\n");
        Collecting sink = read(folder.resolve("corpus"));
        assertEquals(Set.of("good.txt", "whole.zip!in.txt", "lines.jsonl:1"), Set.copyOf(sink.sources()));
        assertEquals(2, sink.unreadable.size());
        assertTrue(sink.unreadable.stream().anyMatch(line -> line.startsWith("broken.zip: cannot be read as a zip")));
        assertTrue(sink.unreadable.stream().anyMatch(line -> line.contains("lines.jsonl:2: is not JSON")));
    }

    @Test
    void aZipGivesADocumentForEachFile() throws IOException {
        Path zip = zip("a.zip", "x/", "", "x/one.txt", "one", "two.txt", "two");
        Collecting sink = read(zip);
        assertEquals(Set.of(zip + "!x/one.txt", zip + "!two.txt"), Set.copyOf(sink.sources()));
        assertEquals(
                Set.of("one", "two"),
                Set.copyOf(sink.documents.stream().map(DocumentSourceTest::text).toList()));
    }

    @Test
    void anEntryTooLargeIsNotRead() throws IOException {
        Path zip = zip("a.zip", "large", new byte[1001], "fits", new byte[1000]);
        Collecting sink = read(zip);
        assertEquals(List.of(zip + "!fits"), sink.sources());
        assertEquals(List.of(zip + "!large: 1001"), sink.tooLarge);
    }

    /// The directory at the end of the zip says that 100,000 zeros are ten bytes.
    @Test
    void anEntryThatLiesAboutItsSizeIsNotReadToItsEnd() throws IOException {
        Path file = zip("a.zip", "liar", new byte[100_000], "honest", "text");
        byte[] bytes = Files.readAllBytes(file);
        int central = indexOf(bytes, new byte[] {'P', 'K', 1, 2});
        Arrays.fill(bytes, central + 24, central + 28, (byte) 0);
        bytes[central + 24] = 10;
        Files.write(file, bytes);
        Collecting sink = read(file);
        assertTrue(sink.sources().contains(file + "!honest"));
        assertTrue(sink.documents.stream().allMatch(document -> document.bytes().length <= 1000));
        assertEquals(1, sink.tooLarge.size() + sink.unreadable.size());
    }

    private static int indexOf(byte[] bytes, byte[] wanted) {
        for (int i = 0; i + wanted.length <= bytes.length; i++) {
            if (Arrays.equals(bytes, i, i + wanted.length, wanted, 0, wanted.length)) {
                return i;
            }
        }
        throw new AssertionError("not found");
    }

    @Test
    void aDamagedEntryCostsItself() throws IOException {
        Path file = zip("a.zip", "bad", "some text that compresses a little little little", "good", "text");
        byte[] bytes = Files.readAllBytes(file);
        Arrays.fill(bytes, 34, 44, (byte) 0xFF);
        Files.write(file, bytes);
        Collecting sink = read(file);
        assertEquals(List.of(file + "!good"), sink.sources());
        assertEquals(1, sink.unreadable.size());
    }

    @Test
    void namesOfEntriesMayBeInAnotherEncoding() throws IOException {
        Path file = folder.resolve("a.zip");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file), StandardCharsets.ISO_8859_1)) {
            zip.putNextEntry(new ZipEntry("für.txt"));
            zip.write('a');
        }
        assertEquals(List.of(file + "!für.txt"), read(file).sources());
    }

    @Test
    void ofEntriesWithTheSameNameOneIsReadAndTheOthersAreNamed() throws IOException {
        Path file = zip("a.zip", "XX.txt", "one", "YY.txt", "two", "YZ.txt", "three");
        String bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
        Files.writeString(file, bytes.replace("YZ", "YY"), StandardCharsets.ISO_8859_1);
        Collecting sink = read(file);
        assertEquals(Set.of(file + "!XX.txt", file + "!YY.txt"), Set.copyOf(sink.sources()));
        assertEquals(List.of(file + "!YY.txt: another entry has the same name"), sink.unreadable);
    }

    @Test
    void aFileThatIsNoZipIsNamed() throws IOException {
        Path file = write("a.zip", "this is no zip");
        IOException refused = assertThrows(IOException.class, () -> read(file));
        assertTrue(refused.getMessage().startsWith(file + ": cannot be read as a zip"), refused.getMessage());
    }

    @Test
    void jsonLinesGiveTheirTexts() throws IOException {
        Path file = write("a.jsonl", """
                {"text": "one\\nline", "more": {"text": "not this", "list": [1, {"a": 2}]}}

                {"id": 3, "text": "two \\u00e9"}\r
                {"title": "none"}
                {"text": 7}
                ["text"]
                {"text": "cut off
                {"text": "last"}
                {"text": "one"}{"text": "two"}
                {"text": "three"} and more""");
        Collecting sink = read(file);
        assertEquals(
                List.of("one\nline", "two é", "last"),
                sink.documents.stream().map(DocumentSourceTest::text).toList());
        assertEquals(List.of(file + ":1", file + ":3", file + ":8"), sink.sources());
        assertEquals(6, sink.unreadable.size());
        assertEquals(file + ":9: holds more than one object", sink.unreadable.get(4));
        assertTrue(sink.unreadable.get(5).startsWith(file + ":10: is not JSON"), sink.unreadable.get(5));
        assertTrue(sink.unreadable.get(0).startsWith(file + ":4: is not an object with a field \"text\""));
        assertTrue(sink.unreadable.get(3).startsWith(file + ":7: is not JSON"));
    }

    @Test
    void aLineTooLongIsPassedOver() throws IOException {
        Path file = write("a.jsonl", "{\"text\": \"" + "x".repeat(2000) + "\"}\n{\"text\": \"short\"}\n");
        Collecting sink = read(file);
        assertEquals(List.of(file + ":2"), sink.sources());
        assertEquals(List.of(file + ":1: -1"), sink.tooLarge);
    }

    @Test
    void readingStopsWhenThereIsEnough() throws IOException {
        for (int i = 0; i < 13; i++) {
            write("corpus/" + i, "text");
        }
        Path jsonl = write("a.jsonl", "{\"text\": \"x\"}\n".repeat(13));
        Path zip = zip("a.zip", "1", "a", "2", "b", "3", "c", "4", "d");
        Path text = write("a.txt", "A line of text.\n".repeat(5000));
        for (Path path : List.of(folder.resolve("corpus"), jsonl, zip, text)) {
            Collecting sink = new Collecting(1000);
            sink.enough = 3;
            DocumentSource.of(path).read(sink);
            assertEquals(3, sink.documents.size(), path.toString());
        }
    }

    @Test
    void nothingAtThePathIsSaidWithThePath() {
        Path missing = folder.resolve("missing");
        IOException refused = assertThrows(IOException.class, () -> DocumentSource.of(missing));
        assertTrue(refused.getMessage().startsWith(missing + ": no such corpus"), refused.getMessage());
    }

    @Test
    void aFileWithoutPermissionIsNamed() throws IOException {
        Path file = write("secret.txt", "secret");
        Assumptions.assumeTrue(file.toFile().setReadable(false) && !Files.isReadable(file), "the user may read all");
        IOException refused = assertThrows(IOException.class, () -> DocumentSource.of(file));
        assertEquals(file + ": no permission to read this corpus", refused.getMessage());
        assertTrue(read(folder).unreadable.contains("secret.txt: cannot be read: no permission"));
    }

    @Test
    void whatIsNeitherFileNorFolderIsRefused() {
        Path device = Path.of("/dev/null");
        Assumptions.assumeTrue(Files.exists(device));
        IOException refused = assertThrows(IOException.class, () -> DocumentSource.of(device));
        assertTrue(refused.getMessage().contains("neither a file nor a folder"), refused.getMessage());
    }

    @Test
    void theSourcesOfSomeModulesOfAJdkAreFound() throws IOException {
        zip(
                "lib/src.zip",
                "java.base/A.java",
                "class A",
                "java.base/A.txt",
                "no",
                "java.baser/B.java",
                "class B",
                "java.xml/C.java",
                "class C");
        assertEquals(
                Set.of("src.zip java.base!java.base/A.java"),
                Set.copyOf(read(JdkSources.in(folder, "java.base")).sources()));
        assertEquals(
                2,
                read(JdkSources.in(folder, "java.base", "java.xml")).documents.size());
        assertEquals(3, read(JdkSources.in(folder)).documents.size());
    }

    @Test
    void aJdkWithoutSourcesSaysWhatToTypeInstead() {
        IOException refused = assertThrows(IOException.class, () -> JdkSources.in(folder, "java.base"));
        assertTrue(refused.getMessage().contains("--corpus PATH"), refused.getMessage());
        assertTrue(refused.getMessage()
                .contains(folder.resolve("lib").resolve("src.zip").toString()));
        assertEquals(1, refused.getMessage().lines().count());
    }

    @Test
    void bytesArePassedOnAsTheyAre() throws IOException {
        byte[] bytes = {0, (byte) 0xFF, '\r', '\n', (byte) 0xC3};
        Path file = folder.resolve("raw");
        Files.write(file, bytes);
        assertArrayEquals(bytes, read(file).documents.getFirst().bytes());
    }
}
