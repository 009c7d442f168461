package torrefy.tokenizer;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;

/// Counted pieces for which there is no room in memory, in temporary files: each holds some of them, in the order of
/// their bytes. Read together, in that order, the counts of a piece add up, whichever files they are in. When there are
/// many files they are put together into one, so that there are never more of them than a process may open.
final class PieceRuns implements AutoCloseable {

    /// Takes a piece and how often it stands in the text.
    @FunctionalInterface
    interface PieceSink {
        void piece(byte[] bytes, long count) throws IOException;
    }

    /// Writes pieces in the order of their bytes.
    @FunctionalInterface
    private interface RunWriter {
        void write(DataOutputStream out) throws IOException;
    }

    /// One file and its next piece.
    private static final class Run implements AutoCloseable {
        private final DataInputStream in;
        private byte[] piece;
        private long count;

        Run(Path file) throws IOException {
            in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16));
        }

        boolean next() throws IOException {
            try {
                piece = new byte[in.readInt()];
            } catch (EOFException e) {
                return false;
            }
            in.readFully(piece);
            count = in.readLong();
            return true;
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }

    private static final int MOST_FILES = 64;

    private final List<Path> files = new ArrayList<>();

    boolean isEmpty() {
        return files.isEmpty();
    }

    /// Number of files there are.
    int files() {
        return files.size();
    }

    /// Writes counted pieces to a file of their own and forgets them in memory.
    synchronized void put(PieceCounts counts) throws IOException {
        if (files.size() == MOST_FILES) {
            putTogether();
        }
        create(out -> {
            for (int piece : counts.inOrder()) {
                write(counts.pieces().get(piece), counts.count(piece), out);
            }
        });
        counts.clear();
    }

    private void putTogether() throws IOException {
        List<Path> parts = List.copyOf(files);
        create(out -> forEach(parts, (piece, count) -> write(piece, count, out)));
        files.removeAll(parts);
        for (Path part : parts) {
            Files.delete(part);
        }
    }

    /// Adds a file when it is written to its end; one that is not is deleted.
    private void create(RunWriter writer) throws IOException {
        Path file = Files.createTempFile("torrefy-pieces", null);
        // Where a process is told to end, nobody comes to close this.
        file.toFile().deleteOnExit();
        try (DataOutputStream out =
                new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file), 1 << 16))) {
            writer.write(out);
        } catch (IOException e) {
            Files.delete(file);
            throw e;
        }
        files.add(file);
    }

    private static void write(byte[] piece, long count, DataOutputStream out) throws IOException {
        out.writeInt(piece.length);
        out.write(piece);
        out.writeLong(count);
    }

    /// Passes all pieces to `sink`, each once, in the order of their bytes.
    void forEach(PieceSink sink) throws IOException {
        forEach(files, sink);
    }

    private static void forEach(List<Path> files, PieceSink sink) throws IOException {
        PriorityQueue<Run> queue = new PriorityQueue<>((a, b) -> Arrays.compareUnsigned(a.piece, b.piece));
        List<Run> open = new ArrayList<>();
        try {
            for (Path file : files) {
                Run run = new Run(file);
                open.add(run);
                if (run.next()) {
                    queue.add(run);
                }
            }
            while (!queue.isEmpty()) {
                byte[] piece = queue.peek().piece;
                long count = 0;
                while (!queue.isEmpty() && Arrays.equals(queue.peek().piece, piece)) {
                    Run run = queue.poll();
                    count += run.count;
                    if (run.next()) {
                        queue.add(run);
                    }
                }
                sink.piece(piece, count);
            }
        } finally {
            for (Run run : open) {
                run.close();
            }
        }
    }

    @Override
    public void close() throws IOException {
        for (Path file : files) {
            Files.deleteIfExists(file);
        }
        files.clear();
    }
}
