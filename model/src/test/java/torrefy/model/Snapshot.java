package torrefy.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import torrefy.core.data.FileHash;
import torrefy.model.architecture.Transformer;
import torrefy.tensor.Parameter;

/// The bits of all of a model's weights at one moment.
public final class Snapshot {

    private final Map<String, int[]> bits = new LinkedHashMap<>();

    public Snapshot(Transformer model) {
        for (Parameter parameter : model.parameters().all()) {
            float[] values = parameter.toFloats();
            int[] all = new int[values.length];
            for (int i = 0; i < all.length; i++) {
                all[i] = Float.floatToRawIntBits(values[i]);
            }
            bits.put(parameter.name(), all);
        }
    }

    /// Fails unless `other` has the same bits everywhere.
    public void assertSame(Snapshot other) {
        bits.forEach((name, values) -> assertArrayEquals(values, other.bits.get(name), name));
    }

    public String sha256() {
        MessageDigest digest = FileHash.sha256();
        for (int[] values : bits.values()) {
            ByteBuffer bytes = ByteBuffer.allocate(values.length * Integer.BYTES);
            bytes.asIntBuffer().put(values);
            digest.update(bytes);
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
