package torrefy.model.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import torrefy.core.backend.Backend;
import torrefy.core.backend.Backends;
import torrefy.core.memory.Bfloat16;
import torrefy.core.memory.DataType;
import torrefy.model.EveryBackend;
import torrefy.model.Snapshot;
import torrefy.model.architecture.Storage;
import torrefy.model.architecture.Transformer;
import torrefy.model.architecture.TransformerConfig;
import torrefy.tensor.Parameter;

class LlmcCheckpointTest {

    private static final TransformerConfig CONFIG = TransformerConfig.gpt2(130, 7, 2, 2, 6);

    private final Backend backend = Backends.create("scalar", 1);
    private final Transformer model = new Transformer(CONFIG, backend, 3);

    @TempDir
    Path folder;

    private Path file() {
        return folder.resolve("model.bin");
    }

    @EveryBackend
    void whatWasSavedIsLoadedToTheBit(String name) throws IOException {
        try (Backend other = Backends.create(name, 2)) {
            LlmcCheckpoint.save(new Transformer(CONFIG, other, 3), StoredType.F32, file());
            Transformer loaded = LlmcCheckpoint.load(file(), other, Storage.F32);
            assertEquals(CONFIG, loaded.config());
            new Snapshot(model).assertSame(new Snapshot(loaded));
        }
    }

    @Test
    void version5HasTheNearestBfloat16() throws IOException {
        LlmcCheckpoint.save(model, StoredType.BF16, file());
        assertEquals(1024 + 2 * (CONFIG.parameters() + (256 - 130) * 6), Files.size(file()));
        for (Storage storage : new Storage[] {Storage.F32, new Storage(DataType.BF16, DataType.F32, DataType.F32)}) {
            Transformer loaded = LlmcCheckpoint.load(file(), backend, storage);
            for (Parameter parameter : loaded.parameters().all()) {
                float[] ours = model.parameters().get(parameter.name()).toFloats();
                float[] theirs = parameter.toFloats();
                for (int i = 0; i < ours.length; i++) {
                    assertEquals(Bfloat16.toFloat(Bfloat16.fromFloat(ours[i])), theirs[i]);
                }
            }
        }
    }

    /// The file spelled out: header, order, transposed matrices, rows of zeros after the token table.
    @Test
    void theFileIsThatOfLlmC() throws IOException {
        LlmcCheckpoint.save(model, StoredType.F32, file());
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file())).order(ByteOrder.LITTLE_ENDIAN);
        int[] header = {20240326, 3, 7, 130, 2, 2, 6, 256, 0};
        for (int i = 0; i < header.length; i++) {
            assertEquals(header[i], bytes.getInt(4 * i));
        }
        int at = 1024;
        float[] table = weights("wte.weight");
        assertEquals(table[129 * 6 + 5], bytes.getFloat(at + 4 * (129 * 6 + 5)));
        for (int i = 130 * 6; i < 256 * 6; i++) {
            assertEquals(0, bytes.getFloat(at + 4 * i));
        }
        at += 4 * 256 * 6;
        assertEquals(weights("wpe.weight")[41], bytes.getFloat(at + 4 * 41));
        // After the positions come the first norm's weights and biases of both layers.
        at += 4 * (7 * 6 + 4 * 6);
        float[] second = weights("h.1.attn.c_attn.weight");
        assertEquals(
                second[2 * 18 + 11], bytes.getFloat(at + 4 * (18 * 6 + 11 * 6 + 2)), "row 11, column 2 of layer 1");
        assertEquals(weights("ln_f.bias")[5], bytes.getFloat(bytes.limit() - 4));
        assertTrue(LlmcCheckpoint.isOne(file()));
        Files.write(file(), new byte[2000]);
        assertFalse(LlmcCheckpoint.isOne(file()) || LlmcCheckpoint.isOne(folder));
    }

    private float[] weights(String name) {
        return model.parameters().get(name).toFloats();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 | 20240520 | begins with 20240520 instead of 20240326",
                "1 | 4 | has version 4; only 3 (f32) and 5 (bf16)",
                "1 | 5 | it was cut off or its header is wrong",
                "2 | 8 | it was cut off or its header is wrong",
                "6 | 8 | it was cut off or its header is wrong",
                "3 | 1 | describes no model: vocabulary must be at least 2",
                "4 | 2147483647 | describes no model",
                "4 | 1000000 | it was cut off or its header is wrong",
                "5 | 5 | describes no model: width 6 does not divide into 5 heads",
                "5 | 0 | describes no model: heads must be at least 1",
                "6 | -6 | describes no model",
                "7 | 130 | padded to 130 instead of 256",
            })
    void aHeaderThatIsWrongIsRefused(int place, int value, String expected) throws IOException {
        LlmcCheckpoint.save(model, StoredType.F32, file());
        byte[] bytes = Files.readAllBytes(file());
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(4 * place, value);
        Files.write(file(), bytes);
        assertRefused(expected);
    }

    @Test
    void aFileCutOffAnywhereIsRefused() throws IOException {
        LlmcCheckpoint.save(model, StoredType.F32, file());
        byte[] whole = Files.readAllBytes(file());
        for (int length : new int[] {0, 3, 1023, 1024, 2000, whole.length - 1}) {
            Files.write(file(), Arrays.copyOf(whole, length));
            assertRefused(length < 1024 ? "shorter than the header" : "it was cut off");
        }
        Files.write(file(), Arrays.copyOf(whole, whole.length + 1));
        assertRefused("its header is wrong");
        Files.delete(file());
        assertThrows(NoSuchFileException.class, () -> LlmcCheckpoint.load(file(), backend, Storage.F32));
    }

    private void assertRefused(String expected) {
        String message = assertThrows(
                        MalformedFileException.class, () -> LlmcCheckpoint.load(file(), backend, Storage.F32))
                .getMessage();
        assertTrue(message.startsWith(file() + ": "), message);
        assertTrue(message.contains(expected), message);
        assertEquals(1, message.lines().count(), message);
    }

    @Test
    void whatLlmCDoesNotKnowIsNotSaved() {
        Transformer llama = new Transformer(TransformerConfig.llama(130, 7, 1, 1, 1, 8, 8), backend, 1);
        String message = assertThrows(
                        IllegalArgumentException.class, () -> LlmcCheckpoint.save(llama, StoredType.F32, file()))
                .getMessage();
        assertTrue(message.startsWith("llm.c knows GPT-2 alone"), message);
        assertThrows(IllegalArgumentException.class, () -> LlmcCheckpoint.save(model, StoredType.F16, file()));
        assertTrue(Files.notExists(file()));
    }
}
