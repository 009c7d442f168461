package torrefy.tokenizer.corpus.pack;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;

/// Where a run of tokens in a shard comes from: a line of its trace.
///
/// @param token the first token of the run, by its place in the shard
/// @param tokens in the run
/// @param document the hash of the document's text
/// @param source the file that it was read from
/// @param from where in that file it begins, in bytes after decompression
/// @param to where it ends there
/// @param at where in the document's text the run begins, in bytes
/// @param changes what was done to the document
/// @param passed the filters that it passed
public record Trace(
        long token,
        long tokens,
        String document,
        String source,
        long from,
        long to,
        long at,
        String changes,
        String passed) {

    private static final String SHARD_ENDING = ".bin";

    /// The trace file of a shard.
    public static Path fileOf(Path shard) {
        String name = String.valueOf(shard.getFileName());
        String stem = name.endsWith(SHARD_ENDING) ? name.substring(0, name.length() - SHARD_ENDING.length()) : name;
        return shard.resolveSibling(stem + ".trace.jsonl");
    }

    /// The run that holds a token; none if it is a mark between documents. The lines of a trace are in order of tokens,
    /// so a binary search over the mapped file finds it without reading the rest.
    ///
    /// @throws IOException if the shard has no trace beside it
    public static Optional<Trace> find(Path shard, long token) throws IOException {
        Path file = fileOf(shard);
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file + ": no such trace; it lies beside its shard");
        }
        try (Arena arena = Arena.ofConfined();
                FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            MemorySegment text = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            long low = 0;
            long high = text.byteSize();
            Trace best = null;
            while (low < high) {
                long start = lineStart(text, low + high >>> 1);
                long end = lineEnd(text, start);
                Trace line = parse(file, text, start, end);
                if (line.token <= token) {
                    best = line;
                    low = end + 1;
                } else {
                    high = start;
                }
            }
            return best != null && token < best.token + best.tokens ? Optional.of(best) : Optional.empty();
        }
    }

    private static long lineStart(MemorySegment text, long at) {
        long start = at;
        while (start > 0 && text.get(ValueLayout.JAVA_BYTE, start - 1) != '\n') {
            start--;
        }
        return start;
    }

    private static long lineEnd(MemorySegment text, long at) {
        long end = at;
        while (end < text.byteSize() && text.get(ValueLayout.JAVA_BYTE, end) != '\n') {
            end++;
        }
        return end;
    }

    private static Trace parse(Path file, MemorySegment text, long start, long end) throws IOException {
        byte[] line = text.asSlice(start, end - start).toArray(ValueLayout.JAVA_BYTE);
        try {
            Map<String, Object> values = JsonLine.parse(new String(line, StandardCharsets.UTF_8));
            return new Trace(
                    (Long) values.get("token"),
                    (Long) values.get("tokens"),
                    (String) values.get("document"),
                    (String) values.get("source"),
                    (Long) values.get("from"),
                    (Long) values.get("to"),
                    (Long) values.get("at"),
                    (String) values.get("changes"),
                    (String) values.get("passed"));
        } catch (IllegalArgumentException | ClassCastException | NullPointerException e) {
            throw new IOException(file + ": is damaged at byte " + start, e);
        }
    }
}
