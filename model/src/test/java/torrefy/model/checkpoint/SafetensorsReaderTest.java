package torrefy.model.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import torrefy.core.memory.NdArray;
import torrefy.core.shape.Shape;

class SafetensorsReaderTest {

    @TempDir
    Path folder;

    /// golden.safetensors was written by src/test/python/write_safetensors.py, which knows nothing of this library.
    @Test
    void aFileWrittenElsewhereIsReadAsItWasMeant() throws IOException {
        float[] values = {0f, 1f, -2.5f, 0.15625f, 65280f, -0f, 3f};
        Path file = golden();
        try (SafetensorsReader reader = SafetensorsReader.open(file)) {
            assertEquals(
                    List.of("matrix.f32", "scalar.f32", "odd.bf16", "odd.f16", "größe.f64", "empty.f32", "mask.u8"),
                    List.copyOf(reader.names()));
            assertEquals("pt", reader.metadata().get("format"));
            assertEquals("a \"quoted\" line\nand another", reader.metadata().get("note"));
            assertEquals(Shape.of(2, 3), reader.tensor("matrix.f32").shape());
            assertEquals(Shape.SCALAR, reader.tensor("scalar.f32").shape());
            assertEquals(StoredType.BF16, reader.tensor("odd.bf16").type());
            for (String name : reader.names()) {
                if (reader.tensor(name).type() == StoredType.U8) {
                    continue;
                }
                float[] expected = new float[reader.tensor(name).shape().elements()];
                for (int i = 0; i < expected.length; i++) {
                    expected[i] = values[i % values.length];
                }
                assertArrayEquals(expected, reader.readFloats(name), name);
            }
        }
    }

    @Test
    void aTypeThatIsNotFloatingPointIsListedAndNotReadAsFloats() throws IOException {
        try (SafetensorsReader reader = SafetensorsReader.open(golden())) {
            assertEquals(StoredType.U8, reader.tensor("mask.u8").type());
            IOException e = assertThrows(IOException.class, () -> reader.readFloats("mask.u8"));
            assertTrue(e.getMessage().endsWith("tensor 'mask.u8' is U8, which is not read as floats"), e.getMessage());
        }
    }

    @Test
    void readingIntoAPartOfAnArrayTouchesNothingElse() throws IOException {
        try (SafetensorsReader reader = SafetensorsReader.open(golden())) {
            float[] out = {9, 9, 9, 9, 9, 9, 9, 9};
            reader.readFloats("matrix.f32", out, 1);
            assertArrayEquals(new float[] {9, 0, 1, -2.5f, 0.15625f, 65280, -0f, 9}, out);
            assertThrows(IndexOutOfBoundsException.class, () -> reader.readFloats("matrix.f32", out, 3));
        }
    }

    @Test
    void aTransposedLayoutReadsATransposedMatrix() throws IOException {
        try (SafetensorsReader reader = SafetensorsReader.open(golden())) {
            NdArray columns = NdArray.of(new float[6], 3, 2);
            reader.read("matrix.f32", columns.with(columns.layout().transpose(0, 1)));
            assertArrayEquals(new float[] {0, 0.15625f, 1, 65280, -2.5f, -0f}, columns.floats());
            IOException e = assertThrows(IOException.class, () -> reader.read("matrix.f32", columns));
            assertTrue(e.getMessage().endsWith("'matrix.f32' has shape (2, 3), expected (3, 2)"), e.getMessage());
        }
    }

    @Test
    void aMissingTensorIsNamedBesideThoseThatAreThere() throws IOException {
        try (SafetensorsReader reader = SafetensorsReader.open(golden())) {
            String message =
                    assertThrows(IOException.class, () -> reader.tensor("wte")).getMessage();
            assertTrue(message.contains("tensor 'wte' is missing; the file has matrix.f32, "), message);
            assertTrue(message.endsWith(" and 2 more"), message);
        }
    }

    @Test
    void aMissingFileAndAFolderAreRefused() {
        Path none = folder.resolve("none.safetensors");
        assertTrue(assertThrows(NoSuchFileException.class, () -> SafetensorsReader.open(none))
                .getMessage()
                .startsWith(none.toString()));
        assertThrows(MalformedFileException.class, () -> SafetensorsReader.open(folder));
    }

    /// The data behind each of these headers is 16 bytes long.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[]                                                    | does not begin with '{'",
                "` {}`                                                 | does not begin with '{'",
                "{\"a\"                                                | not valid JSON",
                "{}x                                                   | not valid JSON",
                "{}{}                                                  | goes on after its closing brace",
                "{\"a\":3}                                             | tensor 'a' is not described by an object",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[4]}}             | tensor 'a' lacks the field 'data_offsets'",
                "{\"a\":{\"shape\":[4],\"data_offsets\":[0,16]}}       | tensor 'a' lacks the field 'dtype'",
                "{\"a\":{\"dtype\":\"F32\",\"data_offsets\":[0,16]}}   | tensor 'a' lacks the field 'shape'",
                "{\"a\":{\"dtype\":\"F31\",\"shape\":[4],\"data_offsets\":[0,16]}} | unknown dtype 'F31'",
                "{\"a\":{\"dtype\":7,\"shape\":[4],\"data_offsets\":[0,16]}}       | dtype that is not a string",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":4,\"data_offsets\":[0,16]}}   | a shape that is not a list",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[4.0],\"data_offsets\":[0,16]}} | is not a whole number",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[\"4\"],\"data_offsets\":[0,16]}} | is not a whole number",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[-4],\"data_offsets\":[0,16]}} | negative number: -4",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[-16,0]}} | negative number: -16",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[99999999999999999999],\"data_offsets\":[0,16]}} | beyond 64 bits",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[9223372036854775807,4],\"data_offsets\":[0,16]}} | more than 2^31",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[65536,65536,65536,65536],\"data_offsets\":[0,16]}} | more than 2^31",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2147483647],\"data_offsets\":[0,16]}} | needs 8589934588 bytes",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,12]}} | (4) needs 16 bytes, its data_offsets [0, 12] hold 12",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[16,0]}} | instead of a begin and an end",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,8,16]}} | instead of a begin and an end",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[5],\"data_offsets\":[0,20]}} | tensor 'a' ends at byte 20 of the data, of which the file has only 16",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,12]}} | the last 4 bytes of the data belong to no tensor",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[4,16]}} | tensor 'a' begins at byte 4 of the data, and the 4 bytes before it",
                "{}                                                    | the last 16 bytes of the data belong to no tensor",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[4],\"shape\":[4],\"data_offsets\":[0,16]}} | two fields 'shape'",
                "{\"__metadata__\":[]}                                 | __metadata__ is not an object",
                "{\"__metadata__\":{\"step\":3}}                       | __metadata__ entry 'step' is not a string",
                "{\"__metadata__\":{\"s\":\"1\",\"s\":\"2\"}}          | __metadata__ entry 's' stands twice",
                "{\"__metadata__\":{},\"__metadata__\":{}}             | __metadata__ stands twice",
            })
    void aLyingHeaderIsRefusedInOneLine(String header, String expected) throws IOException {
        assertRefused(file(header.getBytes(StandardCharsets.UTF_8), 16), expected);
    }

    @Test
    void overlapsAndDuplicatesAreRefused() throws IOException {
        String half = "{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}";
        String inside = "{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[4,16]}";
        String rest = "{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,16]}";
        assertRefused(
                text("{\"a\":" + half + ",\"b\":" + inside + "}"),
                "tensor 'b' begins at byte 4 of the data, inside tensor 'a', which ends at 8");
        assertRefused(text("{\"a\":" + half + ",\"a\":" + rest + "}"), "tensor 'a' stands twice in the header");
        try (SafetensorsReader reader = SafetensorsReader.open(text("{\"b\":" + rest + ",\"a\":" + half + "}"))) {
            assertEquals(8, reader.tensor("b").begin(), "the order in the header is free");
        }
    }

    @Test
    void aNameOutOfTheFileCannotBreakTheLine() throws IOException {
        assertRefused(text("{\"a\\nb\\u001b\":3}"), "tensor 'a?b?' is not described by an object");
    }

    @Test
    void deepNestingIsRefused() throws IOException {
        assertRefused(text("{\"a\":{\"x\":" + "[".repeat(100_000)), "not valid JSON");
    }

    /// The files are a few bytes long: if the claimed length were allocated, or mapped, this would fail or take a
    /// visible amount of the test's heap.
    @ParameterizedTest
    @CsvSource({
        "-1,                  claims a header of 18446744073709551615 bytes",
        "9223372036854775807, claims a header of 9223372036854775807 bytes",
        "100000001,           claims a header of 100000001 bytes; the format allows 100000000",
        "100000000,           claims a header of 100000000 bytes; but only 20 follow",
        "21,                  claims a header of 21 bytes; but only 20 follow",
    })
    void aHugeHeaderLengthIsRefusedWithoutBeingAllocated(long claimed, String expected) throws IOException {
        ByteBuffer bytes =
                ByteBuffer.allocate(28).order(ByteOrder.LITTLE_ENDIAN).putLong(claimed);
        Path file = folder.resolve("huge.safetensors");
        Files.write(file, bytes.put("{}".getBytes(StandardCharsets.US_ASCII)).array());
        long before = allocated();
        assertRefused(file, expected.replace("bytes; but", "bytes, but"));
        assertTrue(allocated() - before < 10_000_000, "refusing allocated " + (allocated() - before) + " bytes");
    }

    @Test
    void everyTruncationOfAGoodFileIsRefused() throws IOException {
        byte[] whole = Files.readAllBytes(golden());
        Path file = folder.resolve("cut.safetensors");
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, java.util.Arrays.copyOf(whole, length));
            assertThrows(MalformedFileException.class, () -> SafetensorsReader.open(file), "cut to " + length);
        }
    }

    @Test
    void everySingleDamagedByteOfAHeaderIsRefusedOrReadWithinTheFile() throws IOException {
        byte[] whole = Files.readAllBytes(golden());
        int header = (int) ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).getLong();
        Path file = folder.resolve("damaged.safetensors");
        int refused = 0;
        for (int at = 0; at < 8 + header; at++) {
            byte[] damaged = whole.clone();
            damaged[at] ^= 0x11;
            Files.write(file, damaged);
            try (SafetensorsReader reader = SafetensorsReader.open(file)) {
                for (String name : reader.names()) {
                    assertTrue(reader.tensor(name).end() <= whole.length - 8 - header);
                }
            } catch (MalformedFileException e) {
                refused++;
            }
        }
        assertTrue(refused > header / 4, "only " + refused + " of " + header + " damages were seen");
    }

    @Test
    void aSparseFileOfManyGigabytesOpensWithoutReadingIt() throws IOException {
        Path file = folder.resolve("sparse.safetensors");
        long bytes = 4L * Integer.MAX_VALUE;
        byte[] json = ("{\"a\":{\"dtype\":\"F32\",\"shape\":[2147483647],\"data_offsets\":[0," + bytes + "]}}")
                .getBytes(StandardCharsets.US_ASCII);
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.write(ByteBuffer.allocate(8)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(json.length)
                    .array());
            sparse.write(json);
            sparse.setLength(8 + json.length + bytes);
        }
        try (SafetensorsReader reader = SafetensorsReader.open(file)) {
            assertEquals(Integer.MAX_VALUE, reader.tensor("a").shape().elements());
        }
    }

    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean())
                .getCurrentThreadAllocatedBytes();
    }

    private void assertRefused(Path file, String expected) {
        String message = assertThrows(MalformedFileException.class, () -> SafetensorsReader.open(file))
                .getMessage();
        assertTrue(message.startsWith(file.toString()), message);
        assertTrue(message.contains(expected), message);
        assertFalse(message.contains("\n"), message);
    }

    private Path text(String header) throws IOException {
        return file(header.getBytes(StandardCharsets.UTF_8), 16);
    }

    private Path file(byte[] header, int dataBytes) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(8 + header.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(header.length).put(header);
        return Files.write(folder.resolve("lying.safetensors"), bytes.array());
    }

    private Path golden() throws IOException {
        Path file = folder.resolve("golden.safetensors");
        try (InputStream in = SafetensorsReaderTest.class.getResourceAsStream("golden.safetensors")) {
            Files.write(file, in.readAllBytes());
        }
        return file;
    }
}
