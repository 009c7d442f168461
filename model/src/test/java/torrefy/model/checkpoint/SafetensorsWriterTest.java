package torrefy.model.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import net.jqwik.api.constraints.UniqueElements;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import torrefy.core.memory.Bfloat16;
import torrefy.core.memory.HostBfloat16s;
import torrefy.core.memory.NdArray;
import torrefy.core.shape.Layout;
import torrefy.core.shape.Shape;

class SafetensorsWriterTest {

    @TempDir
    Path folder;

    @Test
    void theBytesAreThoseOfTheFormat() throws IOException {
        Path file = folder.resolve("a.safetensors");
        NdArray matrix = NdArray.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
        SafetensorsWriter.write(file, Map.of(), List.of(SafetensorsWriter.Entry.of("w", matrix)));
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        byte[] json = new byte[(int) bytes.getLong()];
        bytes.get(json);
        assertEquals(
                "{\"__metadata__\":{\"format\":\"pt\"},\"w\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,24]}}",
                new String(json, StandardCharsets.UTF_8).strip());
        assertEquals(0, bytes.position() % 8, "the data begins at a multiple of 8");
        float[] data = new float[6];
        bytes.asFloatBuffer().get(data);
        assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6}, data);
        assertEquals(24, bytes.remaining());
    }

    @Test
    void aTransposedArrayIsWrittenInTheOrderOfItsShape() throws IOException {
        Path file = folder.resolve("a.safetensors");
        NdArray matrix = NdArray.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
        NdArray transposed = matrix.with(matrix.layout().transpose(0, 1));
        SafetensorsWriter.write(file, Map.of(), List.of(SafetensorsWriter.Entry.of("w", transposed)));
        try (SafetensorsReader reader = SafetensorsReader.open(file)) {
            assertEquals(Shape.of(3, 2), reader.tensor("w").shape());
            assertArrayEquals(new float[] {1, 4, 2, 5, 3, 6}, reader.readFloats("w"));
        }
    }

    @Test
    void everyTypeKeepsWhatItCanRepresent() throws IOException {
        Path file = folder.resolve("a.safetensors");
        float[] values = {0, -0f, 1, 1 / 3f, Float.MIN_VALUE, Float.MAX_VALUE, Float.NEGATIVE_INFINITY, Float.NaN};
        NdArray array = NdArray.of(values, values.length);
        float[] small = values.clone();
        small[5] = 65504;
        SafetensorsWriter.write(
                file,
                Map.of("format", "np", "step", "7"),
                List.of(
                        new SafetensorsWriter.Entry("bf16", StoredType.BF16, array),
                        new SafetensorsWriter.Entry("f16", StoredType.F16, NdArray.of(small, small.length)),
                        new SafetensorsWriter.Entry("f32", StoredType.F32, array),
                        new SafetensorsWriter.Entry("f64", StoredType.F64, array)));
        try (SafetensorsReader reader = SafetensorsReader.open(file)) {
            assertEquals(Map.of("format", "np", "step", "7"), reader.metadata());
            assertArrayEquals(values, reader.readFloats("f32"));
            assertArrayEquals(values, reader.readFloats("f64"));
            float[] half = new float[values.length];
            float[] brain = new float[values.length];
            for (int i = 0; i < values.length; i++) {
                half[i] = Float.float16ToFloat(Float.floatToFloat16(small[i]));
                brain[i] = Bfloat16.toFloat(Bfloat16.fromFloat(values[i]));
            }
            assertArrayEquals(half, reader.readFloats("f16"));
            assertArrayEquals(brain, reader.readFloats("bf16"));
            for (String name : reader.names()) {
                StoredTensor tensor = reader.tensor(name);
                assertEquals(0, tensor.begin() % tensor.type().bytes(), name + " is aligned");
            }
        }
    }

    @Test
    void aNumberBeyondF16DoesNotBecomeInfinite() {
        Path file = folder.resolve("a.safetensors");
        NdArray array = NdArray.of(new float[] {1, -65520}, 2);
        String refused = assertThrows(
                        IllegalArgumentException.class,
                        () -> SafetensorsWriter.write(
                                file, Map.of(), List.of(new SafetensorsWriter.Entry("w", StoredType.F16, array))))
                .getMessage();
        assertEquals("tensor 'w' has the value -65520.0, beyond what F16 holds; choose another type", refused);
        assertFalse(Files.exists(file));
    }

    @Test
    void bfloat16AndIntegersAreStoredAsTheyAre() throws IOException {
        Path file = folder.resolve("a.safetensors");
        HostBfloat16s brain = HostBfloat16s.over(Bfloat16.fromFloat(1.5f), Bfloat16.fromFloat(-3f));
        SafetensorsWriter.write(
                file,
                Map.of(),
                List.of(
                        SafetensorsWriter.Entry.of("brain", NdArray.of(brain, Shape.of(2))),
                        SafetensorsWriter.Entry.of("ids", NdArray.of(new int[] {1, -1, 7}, 3))));
        try (SafetensorsReader reader = SafetensorsReader.open(file)) {
            assertEquals(StoredType.BF16, reader.tensor("brain").type());
            assertArrayEquals(new float[] {1.5f, -3f}, reader.readFloats("brain"));
            assertEquals(StoredType.I32, reader.tensor("ids").type());
        }
        assertEquals(
                7,
                ByteBuffer.wrap(Files.readAllBytes(file))
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .getInt((int) Files.size(file) - 8),
                "the last of three ints, before two bfloat16");
    }

    @Test
    void namesThatClashAndTypesThatDoNotFitAreRefusedAndTheOldFileStays() throws IOException {
        Path file = folder.resolve("a.safetensors");
        Files.writeString(file, "old");
        NdArray one = NdArray.of(new float[] {1}, 1);
        SafetensorsWriter.Entry entry = SafetensorsWriter.Entry.of("w", one);
        assertTrue(assertThrows(
                        IllegalArgumentException.class,
                        () -> SafetensorsWriter.write(file, Map.of(), List.of(entry, entry)))
                .getMessage()
                .endsWith("two tensors are called 'w'"));
        assertThrows(IllegalArgumentException.class, () -> SafetensorsWriter.Entry.of("__metadata__", one));
        assertThrows(IllegalArgumentException.class, () -> new SafetensorsWriter.Entry("w", StoredType.I64, one));
        assertEquals("old", Files.readString(file));
    }

    /// Any names, any shapes, any strides: what is read is what a naive walk over the layout finds.
    @Property(tries = 200)
    void whatIsWrittenIsRead(
            @ForAll @Size(max = 6) @UniqueElements List<@StringLength(min = 1, max = 12) String> names,
            @ForAll long seed,
            @ForAll @IntRange(max = 3) int rank)
            throws IOException {
        Random random = new Random(seed);
        Map<String, float[]> expected = new LinkedHashMap<>();
        List<SafetensorsWriter.Entry> entries = new ArrayList<>();
        for (String name : names) {
            // A lone half of a surrogate pair is no text and has no UTF-8.
            if (!StandardCharsets.UTF_8.newEncoder().canEncode(name)) {
                continue;
            }
            int[] sizes = new int[rank];
            Arrays.setAll(sizes, i -> random.nextInt(5));
            NdArray array = randomView(random, Shape.of(sizes));
            entries.add(SafetensorsWriter.Entry.of(name, array));
            expected.put(name, naive(array));
        }
        Path file = Files.createTempFile("roundtrip", ".safetensors");
        try {
            SafetensorsWriter.write(file, Map.of("seed", Long.toString(seed)), entries);
            try (SafetensorsReader reader = SafetensorsReader.open(file)) {
                assertEquals(List.copyOf(expected.keySet()), List.copyOf(reader.names()));
                assertEquals(Long.toString(seed), reader.metadata().get("seed"));
                for (SafetensorsWriter.Entry entry : entries) {
                    assertEquals(
                            entry.array().shape(), reader.tensor(entry.name()).shape());
                    assertArrayEquals(expected.get(entry.name()), reader.readFloats(entry.name()));
                    NdArray back = randomView(random, entry.array().shape());
                    reader.read(entry.name(), back);
                    assertArrayEquals(expected.get(entry.name()), naive(back));
                }
            }
        } finally {
            Files.delete(file);
        }
    }

    /// Random numbers seen through a permuted slice of a larger array.
    private static NdArray randomView(Random random, Shape shape) {
        List<Integer> order = new ArrayList<>();
        for (int axis = 0; axis < shape.rank(); axis++) {
            order.add(axis);
        }
        Collections.shuffle(order, random);
        int[] larger = new int[shape.rank()];
        for (int axis = 0; axis < shape.rank(); axis++) {
            larger[order.get(axis)] = shape.size(axis) + 2;
        }
        float[] values = new float[Shape.of(larger).elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextFloat();
        }
        Layout view = Layout.contiguous(Shape.of(larger))
                .permute(order.stream().mapToInt(i -> i).toArray());
        for (int axis = 0; axis < shape.rank(); axis++) {
            view = view.slice(axis, random.nextInt(3), shape.size(axis));
        }
        return NdArray.of(values, larger).with(view);
    }

    private static float[] naive(NdArray array) {
        float[] out = new float[array.elements()];
        for (int i = 0; i < out.length; i++) {
            int place = array.layout().offset();
            int rest = i;
            for (int axis = array.rank() - 1; axis >= 0; axis--) {
                place += rest % array.size(axis) * array.stride(axis);
                rest /= array.size(axis);
            }
            out[i] = array.floats()[place];
        }
        return out;
    }
}
