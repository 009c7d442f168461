package torrefy.core.memory;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// How large an [Arena] is, or has to be: the lengths of its slabs, in elements, by type.
public record ArenaSize(Map<DataType, List<Integer>> slabs) {

    public ArenaSize {
        Map<DataType, List<Integer>> copy = new EnumMap<>(DataType.class);
        slabs.forEach((type, lengths) -> copy.put(type, List.copyOf(lengths)));
        slabs = Map.copyOf(copy);
    }

    /// The bytes of all slabs together.
    public long bytes() {
        return slabs.entrySet().stream()
                .mapToLong(entry -> entry.getKey().bytes()
                        * entry.getValue().stream()
                                .mapToLong(Integer::longValue)
                                .sum())
                .sum();
    }

    /// The bytes of the largest slab.
    public long largestBytes() {
        return slabs.entrySet().stream()
                .flatMapToLong(entry -> entry.getValue().stream()
                        .mapToLong(length -> (long) length * entry.getKey().bytes()))
                .max()
                .orElse(0);
    }

    List<Integer> of(DataType type) {
        return slabs.getOrDefault(type, List.of());
    }
}
