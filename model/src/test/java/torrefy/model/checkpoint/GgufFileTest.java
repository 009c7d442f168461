package torrefy.model.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import torrefy.core.backend.Backend;
import torrefy.core.backend.Backends;
import torrefy.core.backend.RotaryKernels.Pairing;
import torrefy.model.architecture.Transformer;
import torrefy.model.architecture.TransformerConfig;
import torrefy.model.layer.AttentionConfig;
import torrefy.model.layer.Positions;

/// Files like these were also run by llama.cpp (build 4916 inside de.kherud:llama 4.2.0: the same tokens of a text, the
/// same likeliest tokens after it) and compared byte by byte with what the package gguf 0.19.0 makes of the same
/// weights.
class GgufFileTest {

    private static final TransformerConfig GPT2 = TransformerConfig.gpt2(70, 16, 2, 2, 32);
    private static final TransformerConfig LLAMA = TransformerConfig.llama(70, 16, 2, 4, 2, 32, 48);
    private static final GgufTokens TOKENS = new GgufTokens(
            "gpt-2",
            IntStream.range(0, 70).mapToObj(id -> "Ġt" + id).toList(),
            IntStream.range(0, 70).map(id -> id == 69 ? 3 : 1).toArray(),
            List.of("Ġ t", "Ġt 1"),
            new DocumentMarks(68, 69));

    private final Backend backend = Backends.create("scalar", 1);

    @TempDir
    Path folder;

    /// What a reader of the format finds, written from its description.
    private static final class Reader {
        final Map<String, Object> metadata = new LinkedHashMap<>();
        final Map<String, List<Long>> sizes = new LinkedHashMap<>();
        final Map<String, Integer> types = new LinkedHashMap<>();
        private final Map<String, Long> places = new LinkedHashMap<>();
        private final ByteBuffer bytes;
        private final int data;

        Reader(Path file) throws IOException {
            bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
            assertEquals('G' | 'G' << 8 | 'U' << 16 | 'F' << 24, bytes.getInt());
            assertEquals(3, bytes.getInt());
            long tensors = bytes.getLong();
            for (long left = bytes.getLong(); left > 0; left--) {
                metadata.put(string(), value(bytes.getInt()));
            }
            for (; tensors > 0; tensors--) {
                String name = string();
                List<Long> shape = new ArrayList<>();
                for (int axes = bytes.getInt(); axes > 0; axes--) {
                    shape.add(bytes.getLong());
                }
                sizes.put(name, shape);
                types.put(name, bytes.getInt());
                places.put(name, bytes.getLong());
            }
            data = (bytes.position() + 31) / 32 * 32;
        }

        private String string() {
            byte[] text = new byte[(int) bytes.getLong()];
            bytes.get(text);
            return new String(text, StandardCharsets.UTF_8);
        }

        private Object value(int type) {
            return switch (type) {
                case 4, 5 -> bytes.getInt();
                case 6 -> bytes.getFloat();
                case 7 -> bytes.get() != 0;
                case 8 -> string();
                case 9 -> {
                    int of = bytes.getInt();
                    List<Object> list = new ArrayList<>();
                    for (long left = bytes.getLong(); left > 0; left--) {
                        list.add(value(of));
                    }
                    yield list;
                }
                default -> throw new AssertionError("type " + type);
            };
        }

        float[] floats(String name) {
            assertEquals(0, places.get(name) % 32, name + " is aligned");
            int place = data + Math.toIntExact(places.get(name));
            float[] out = new float
                    [(int) sizes.get(name).stream().mapToLong(size -> size).reduce(1, (a, b) -> a * b)];
            for (int i = 0; i < out.length; i++) {
                out[i] = switch (types.get(name)) {
                    case 0 -> bytes.getFloat(place + 4 * i);
                    case 1 -> Float.float16ToFloat(bytes.getShort(place + 2 * i));
                    case 8 ->
                        Float.float16ToFloat(bytes.getShort(place + i / 32 * 34))
                                * bytes.get(place + i / 32 * 34 + 2 + i % 32);
                    default -> throw new AssertionError(name);
                };
            }
            return out;
        }
    }

    private Reader written(Transformer model, GgufType type) throws IOException {
        Path file = folder.resolve("model.gguf");
        GgufFile.write(model, TOKENS, type, file);
        return new Reader(file);
    }

    @Test
    void theMetadataSayWhatAGpt2IsAndHowItsTokensAreMade() throws IOException {
        Reader file = written(new Transformer(GPT2, backend, 1), GgufType.F32);
        assertEquals("gpt2", file.metadata.get("general.architecture"));
        assertEquals(16, file.metadata.get("gpt2.context_length"));
        assertEquals(32, file.metadata.get("gpt2.embedding_length"));
        assertEquals(128, file.metadata.get("gpt2.feed_forward_length"));
        assertEquals(2, file.metadata.get("gpt2.block_count"));
        assertEquals(2, file.metadata.get("gpt2.attention.head_count"));
        assertEquals(1e-5f, file.metadata.get("gpt2.attention.layer_norm_epsilon"));
        assertEquals("gpt2", file.metadata.get("tokenizer.ggml.model"));
        assertEquals("gpt-2", file.metadata.get("tokenizer.ggml.pre"));
        assertEquals(TOKENS.tokens(), file.metadata.get("tokenizer.ggml.tokens"));
        assertEquals(3, ((List<?>) file.metadata.get("tokenizer.ggml.token_type")).get(69));
        assertEquals(TOKENS.merges(), file.metadata.get("tokenizer.ggml.merges"));
        assertEquals(68, file.metadata.get("tokenizer.ggml.bos_token_id"));
        assertEquals(69, file.metadata.get("tokenizer.ggml.eos_token_id"));
        assertEquals(List.of(32L, 70L), file.sizes.get("token_embd.weight"));
        assertEquals(List.of(32L, 70L), file.sizes.get("output.weight"));
        assertEquals(List.of(32L, 96L), file.sizes.get("blk.1.attn_qkv.weight"));
        assertEquals(List.of(128L, 32L), file.sizes.get("blk.0.ffn_down.weight"));
        assertEquals(3 + 2 * 12 + 2, file.sizes.size());
    }

    @Test
    void matricesAreTransposedAndLlamasRotationsTurnNeighbours() throws IOException {
        Transformer model = new Transformer(LLAMA, backend, 1);
        Reader file = written(model, GgufType.F32);
        assertEquals(10_000f, file.metadata.get("llama.rope.freq_base"));
        assertEquals(8, file.metadata.get("llama.rope.dimension_count"));
        assertEquals(2, file.metadata.get("llama.attention.head_count_kv"));
        float[] up = file.floats("blk.1.ffn_up.weight");
        float[] keys = file.floats("blk.0.attn_k.weight");
        float[] values = file.floats("blk.0.attn_v.weight");
        float[] ourUp =
                model.parameters().get("model.layers.1.mlp.up_proj.weight").toFloats();
        float[] ourKeys =
                model.parameters().get("model.layers.0.self_attn.k_proj.weight").toFloats();
        float[] ourValues =
                model.parameters().get("model.layers.0.self_attn.v_proj.weight").toFloats();
        for (int in = 0; in < 32; in++) {
            for (int out = 0; out < 48; out++) {
                assertEquals(ourUp[in * 48 + out], up[out * 32 + in]);
            }
            for (int row = 0; row < 16; row++) {
                assertEquals(ourValues[in * 16 + row], values[row * 32 + in]);
                // Row 2i + j of a head of 8 is row 4j + i of ours.
                int ours = row / 8 * 8 + row % 2 * 4 + row % 8 / 2;
                assertEquals(ourKeys[in * 16 + ours], keys[row * 32 + in]);
            }
        }
    }

    @Test
    void whatTurnsNeighboursAlreadyStays() throws IOException {
        TransformerConfig neighbours = LLAMA.withPositions(new Positions.Rotary(500_000, Pairing.NEIGHBOURS));
        Transformer model = new Transformer(neighbours, backend, 1);
        float[] queries = written(model, GgufType.F32).floats("blk.0.attn_q.weight");
        float[] ours =
                model.parameters().get("model.layers.0.self_attn.q_proj.weight").toFloats();
        assertEquals(ours[5 * 32 + 9], queries[9 * 32 + 5]);
        assertEquals(ours[31 * 32 + 2], queries[2 * 32 + 31]);
    }

    /// Half precision keeps 11 bits; Q8_0's step is the largest of 32 over 127, and rounding is off by half of it.
    @ParameterizedTest
    @EnumSource(GgufType.class)
    void matricesAreStoredInTheTypeAskedForAndVectorsInFull(GgufType type) throws IOException {
        Transformer model = new Transformer(LLAMA, backend, 1);
        Reader file = written(model, type);
        assertEquals(type.fileCode(), file.metadata.get("general.file_type"));
        assertEquals(0, file.types.get("blk.0.attn_norm.weight"));
        assertEquals(type.code(), file.types.get("token_embd.weight"));
        // 48 is no multiple of 32.
        assertEquals(type == GgufType.F32 ? 0 : 1, file.types.get("blk.0.ffn_down.weight"));
        float[] table = file.floats("token_embd.weight");
        float[] ours = model.parameters().get("model.embed_tokens.weight").toFloats();
        float largest = 0;
        for (float weight : ours) {
            largest = Math.max(largest, Math.abs(weight));
        }
        float tolerance = type == GgufType.F32 ? 0 : type == GgufType.F16 ? largest / 2048 : largest / 127 * 0.51f;
        assertArrayEquals(ours, table, tolerance);
    }

    @Test
    void whatLlamaCppDoesNotKnowIsNotWritten() {
        assertRefused(
                LLAMA.withAttention(new AttentionConfig(4, 2, 8, true, true, true)),
                TOKENS,
                "normalized queries and keys");
        assertRefused(
                LLAMA.withAttention(new AttentionConfig(4, 2, 6, true, false, false)), TOKENS, "4 heads of size 6");
        assertRefused(LLAMA.withPositions(new Positions.Learned()), TOKENS, "no GPT-2");
        assertRefused(TransformerConfig.gpt2(71, 8, 1, 1, 32), TOKENS, "a model of 71 tokens");
        assertThrows(
                IllegalArgumentException.class,
                () -> new GgufTokens("gpt-2", List.of("a"), new int[2], List.of(), DocumentMarks.between(0)));
    }

    private void assertRefused(TransformerConfig config, GgufTokens tokens, String why) {
        Path file = folder.resolve("refused.gguf");
        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> GgufFile.write(new Transformer(config, backend, 1), tokens, GgufType.F32, file))
                .getMessage();
        assertTrue(message.contains(why), message);
        assertTrue(Files.notExists(file));
    }
}
