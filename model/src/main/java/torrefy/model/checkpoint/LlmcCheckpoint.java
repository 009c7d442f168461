package torrefy.model.checkpoint;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import torrefy.core.backend.Backend;
import torrefy.core.data.AtomicFile;
import torrefy.core.memory.Bfloat16;
import torrefy.model.architecture.Storage;
import torrefy.model.architecture.Transformer;
import torrefy.model.architecture.TransformerConfig;
import torrefy.tensor.Parameter;

/// A GPT-2 as a checkpoint of llm.c (github.com/karpathy/llm.c).
///
/// 256 little-endian `int32` of header: 20240326; the version, 3 for f32 and 5 for bf16; the context, the vocabulary,
/// the layers, the heads, the width, and the vocabulary padded to a multiple of 128; the rest zero. Then the tensors,
/// each for all layers before the next. Matrices are `(out, in)`. The token table has rows of zeros up to the padded
/// vocabulary.
public final class LlmcCheckpoint {

    private static final int MAGIC = 20240326;
    private static final int HEADER_INTS = 256;
    private static final int HEADER_BYTES = HEADER_INTS * Integer.BYTES;
    private static final int PADDING = 128;

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /// What each layer has, in the order of the file.
    private static final List<String> IN_BLOCK = List.of(
            "ln_1.weight", "ln_1.bias",
            "attn.c_attn.weight", "attn.c_attn.bias",
            "attn.c_proj.weight", "attn.c_proj.bias",
            "ln_2.weight", "ln_2.bias",
            "mlp.c_fc.weight", "mlp.c_fc.bias",
            "mlp.c_proj.weight", "mlp.c_proj.bias");

    private LlmcCheckpoint() {}

    /// Whether a file begins like a checkpoint of llm.c.
    public static boolean isOne(Path file) throws IOException {
        if (!Files.isRegularFile(file) || Files.size(file) < HEADER_BYTES) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer first = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            channel.read(first);
            return first.getInt(0) == MAGIC;
        }
    }

    /// Reads a model.
    ///
    /// @param storage of the model, whatever the type in the file
    /// @throws NoSuchFileException if there is no such file
    /// @throws MalformedFileException if it is not a whole checkpoint of version 3 or 5
    public static Transformer load(Path file, Backend backend, Storage storage) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new NoSuchFileException(file + ": no such checkpoint");
        }
        try (Arena arena = Arena.ofShared();
                FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            MemorySegment all = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            StoredType type = type(file, all);
            TransformerConfig config = config(file, all, type);
            Transformer model = Transformer.undrawn(config, backend, storage);
            MappedNumbers numbers = new MappedNumbers(all);
            long place = HEADER_BYTES;
            for (Counterpart counterpart : inOrder(model)) {
                counterpart.fill(numbers, type, place, backend);
                place += room(counterpart, config) * type.bytes();
            }
            return model;
        }
    }

    private static StoredType type(Path file, MemorySegment all) throws MalformedFileException {
        if (all.byteSize() < HEADER_BYTES) {
            throw new MalformedFileException(
                    file, "is " + all.byteSize() + " bytes long, shorter than the header of a checkpoint of llm.c");
        }
        int magic = all.get(INT, 0);
        int version = all.get(INT, Integer.BYTES);
        if (magic != MAGIC) {
            throw new MalformedFileException(
                    file, "begins with " + magic + " instead of " + MAGIC + ": not a checkpoint of llm.c");
        }
        return switch (version) {
            case 3 -> StoredType.F32;
            case 5 -> StoredType.BF16;
            default ->
                throw new MalformedFileException(
                        file, "has version " + version + "; only 3 (f32) and 5 (bf16) can be read");
        };
    }

    /// The shape of the model. Nothing is allocated by it unless the file is as long as it says.
    private static TransformerConfig config(Path file, MemorySegment all, StoredType type)
            throws MalformedFileException {
        int[] header = all.asSlice(0, HEADER_BYTES).toArray(INT);
        TransformerConfig config;
        try {
            config = TransformerConfig.gpt2(header[3], header[2], header[4], header[5], header[6]);
        } catch (IllegalArgumentException e) {
            throw new MalformedFileException(file, "describes no model: " + e.getMessage());
        }
        if (header[7] != padded(config.vocabulary())) {
            throw new MalformedFileException(
                    file,
                    "has a vocabulary of " + config.vocabulary() + " padded to " + header[7] + " instead of "
                            + padded(config.vocabulary()));
        }
        long expected = HEADER_BYTES + (config.parameters() + padding(config)) * type.bytes();
        if (all.byteSize() != expected) {
            throw new MalformedFileException(
                    file,
                    "is " + all.byteSize() + " bytes long; a model of " + config.layers() + " layers of width "
                            + config.width() + " with vocabulary " + config.vocabulary() + " and context "
                            + config.context() + " needs " + expected + ": it was cut off or its header is wrong");
        }
        return config;
    }

    private static long padded(int vocabulary) {
        return Math.ceilDiv((long) vocabulary, (long) PADDING) * PADDING;
    }

    /// Numbers in the rows that are added to the token table.
    private static long padding(TransformerConfig config) {
        return (padded(config.vocabulary()) - config.vocabulary()) * config.width();
    }

    /// Numbers that a tensor takes in the file.
    private static long room(Counterpart counterpart, TransformerConfig config) {
        return counterpart.shape().elements() + (isTokenTable(counterpart) ? padding(config) : 0);
    }

    private static boolean isTokenTable(Counterpart counterpart) {
        return counterpart.name().equals("wte.weight");
    }

    private static List<Counterpart> inOrder(Transformer model) {
        List<Counterpart> all = new ArrayList<>();
        all.add(counterpart(model, "wte.weight"));
        all.add(counterpart(model, "wpe.weight"));
        for (String part : IN_BLOCK) {
            for (int layer = 0; layer < model.config().layers(); layer++) {
                Counterpart one = counterpart(model, "h." + layer + "." + part);
                all.add(one.shape().rank() == 2 ? one.transposed() : one);
            }
        }
        all.add(counterpart(model, "ln_f.weight"));
        all.add(counterpart(model, "ln_f.bias"));
        return all;
    }

    private static Counterpart counterpart(Transformer model, String name) {
        Parameter parameter = model.parameters().get(name);
        return Counterpart.of(parameter);
    }

    /// Writes a checkpoint; it appears whole or not at all.
    ///
    /// @param type F32 for version 3, BF16 for version 5
    /// @throws IllegalArgumentException if llm.c has not such a model or such a type
    /// @throws IOException if the file cannot be written; it is then what it was
    public static void save(Transformer model, StoredType type, Path file) throws IOException {
        TransformerConfig config = model.config();
        TransformerConfig gpt2 = TransformerConfig.gpt2(
                config.vocabulary(), config.context(), config.layers(), config.heads(), config.width());
        if (!config.withDropout(0).equals(gpt2)) {
            throw new IllegalArgumentException("llm.c knows GPT-2 alone, as it was published; this model has "
                    + config.positions() + ", " + config.attention() + ", " + config.feedForward() + ", "
                    + config.norm() + (config.tiedHead() ? "" : " and an output layer of its own"));
        }
        if (type != StoredType.F32 && type != StoredType.BF16) {
            throw new IllegalArgumentException("checkpoints of llm.c are F32 or BF16, not " + type);
        }
        try (AtomicFile target = AtomicFile.create(file)) {
            LittleEndianOutput output = new LittleEndianOutput(target.channel());
            int[] header = {
                MAGIC,
                type == StoredType.F32 ? 3 : 5,
                config.context(),
                config.vocabulary(),
                config.layers(),
                config.heads(),
                config.width(),
                Math.toIntExact(padded(config.vocabulary()))
            };
            for (int i = 0; i < HEADER_INTS; i++) {
                output.room(Integer.BYTES).putInt(i < header.length ? header[i] : 0);
            }
            for (Counterpart counterpart : inOrder(model)) {
                LittleEndianOutput.forEach(counterpart.values(), value -> put(output, type, value));
                for (long i = counterpart.shape().elements(); i < room(counterpart, config); i++) {
                    put(output, type, 0);
                }
            }
            output.flush();
            target.commit();
        }
    }

    private static void put(LittleEndianOutput output, StoredType type, float value) throws IOException {
        if (type == StoredType.F32) {
            output.room(Float.BYTES).putFloat(value);
        } else {
            output.room(Short.BYTES).putShort(Bfloat16.fromFloat(value));
        }
    }
}
