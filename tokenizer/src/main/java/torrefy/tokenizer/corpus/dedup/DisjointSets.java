package torrefy.tokenizer.corpus.dedup;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Sets that grow together (union-find with path halving), in a mapped file: four bytes an element, none of them on the
/// heap. The root of a set is its lowest element, so it does not depend on the order of unions.
final class DisjointSets implements AutoCloseable {

    private final Path file;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment parents;

    DisjointSets(Path file, long elements) throws IOException {
        if (elements > Integer.MAX_VALUE) {
            throw new IOException(elements + " documents; near duplicates are found among 2,147,483,647 at most");
        }
        this.file = file;
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            parents = channel.map(FileChannel.MapMode.READ_WRITE, 0, elements * Integer.BYTES, arena);
        }
        for (int i = 0; i < elements; i++) {
            set(i, i);
        }
    }

    private int get(int element) {
        return parents.getAtIndex(ValueLayout.JAVA_INT, element);
    }

    private void set(int element, int parent) {
        parents.setAtIndex(ValueLayout.JAVA_INT, element, parent);
    }

    /// The lowest element of the set that `element` is in.
    int root(int element) {
        int at = element;
        while (get(at) != at) {
            set(at, get(get(at)));
            at = get(at);
        }
        return at;
    }

    void join(int a, int b) {
        int rootA = root(a);
        int rootB = root(b);
        if (rootA != rootB) {
            set(Math.max(rootA, rootB), Math.min(rootA, rootB));
        }
    }

    @Override
    public void close() throws IOException {
        arena.close();
        Files.deleteIfExists(file);
    }
}
