package torrefy.tokenizer.corpus.read;

import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// An order of names that looks random and is always the same: by the 64-bit FNV-1a hash of the name, mixed once more.
/// The first part of a list in this order is a fair sample of it, which the first part of an alphabet is not.
final class ScatteredOrder {

    private static final long FNV_OFFSET = 0xCBF29CE484222325L;
    private static final long FNV_PRIME = 0x100000001B3L;
    private static final long MIXER = 0x9E3779B97F4A7C15L;

    private ScatteredOrder() {}

    static List<String> of(List<String> names) {
        Map<String, Long> hashes = new HashMap<>();
        names.forEach(name -> hashes.put(name, hash(name)));
        return names.stream()
                .sorted(Comparator.<String, Long>comparing(hashes::get).thenComparing(Comparator.naturalOrder()))
                .toList();
    }

    private static long hash(String name) {
        long hash = FNV_OFFSET;
        for (byte value : name.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ value & 0xff) * FNV_PRIME;
        }
        hash = (hash ^ hash >>> 32) * MIXER;
        return hash ^ hash >>> 29;
    }
}
