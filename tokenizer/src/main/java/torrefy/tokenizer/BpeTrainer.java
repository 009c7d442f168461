package torrefy.tokenizer;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicLong;
import torrefy.core.parallel.ParallelLoop;

/// Learns a vocabulary from text: again and again, the pair of neighbouring tokens that stands most often in the text
/// becomes a token of its own. Source: Sennrich, Haddow, Birch, "Neural machine translation of rare words with subword
/// units", ACL 2016, algorithm 1, on bytes instead of characters.
///
/// **How pairs are counted.** Inside pieces only, at every position: `aaa` holds the pair `a a` twice.
///
/// **Ties** go to the pair whose left token is smaller as a string of unsigned bytes, and if those are equal, whose
/// right token is. So the merges depend on the pieces and how often each stands in the text, not on the order of the
/// texts.
///
/// **Ids.** Bytes are tokens 0 to 255, merged tokens follow in the order in which they were made, special tokens come
/// last. If a merge makes bytes that are a token already, it leads to that token. No merge makes the name of a special
/// token.
///
/// **Names of special tokens** in the text are text like any other.
///
/// **Cost.** Texts are reduced to distinct pieces with their counts, by any number of threads. A merge visits only the
/// places in distinct pieces where its pair stands, and adjusts the counts of the pairs around it. Memory: about 20
/// bytes for each byte of the distinct pieces, which grow slowly with the text; a gigabyte of source code has a million
/// and a half of them. If there are more than [#DEFAULT_MOST_PIECES], or another number, the rarest are left out.
///
/// **Stopping.** If the thread that adds a text or trains is interrupted, it stops at the next block or merge with a
/// [CancellationException] that says how far it was, and stays interrupted. What a text that was not added to its end
/// has taught remains; training may be begun anew.
public final class BpeTrainer implements AutoCloseable {

    /// So many distinct pieces are trained on, unless said otherwise.
    public static final int DEFAULT_MOST_PIECES = 5_000_000;

    private static final int BLOCK = 1 << 22;
    private static final int FEWEST_IN_A_TABLE = 1 << 8;

    private final BpeConfig config;
    private final int mostPieces;

    /// A table for each thread.
    private final List<PieceCounts> tables = new ArrayList<>();

    /// What the tables had no room for.
    private final PieceRuns runs = new PieceRuns();

    private final AtomicLong bytes = new AtomicLong();
    private BpeProgress progress = new BpeProgress() {};
    private long droppedPieces;

    public BpeTrainer(BpeConfig config) {
        this(config, DEFAULT_MOST_PIECES);
    }

    /// @param mostPieces the most distinct pieces to train on. If the text has more, those that stand in it least often
    ///     are left out; of equally rare ones, those whose bytes come last
    public BpeTrainer(BpeConfig config, int mostPieces) {
        if (mostPieces < 1) {
            throw new IllegalArgumentException("the most pieces must be at least 1, got " + mostPieces);
        }
        this.config = config;
        this.mostPieces = mostPieces;
        tables.add(new PieceCounts());
    }

    /// Whom to tell how far it is.
    public BpeTrainer withProgress(BpeProgress listener) {
        progress = listener;
        return this;
    }

    /// Adds a text to learn from.
    public void add(CharSequence text) {
        add(Utf8.encode(text));
    }

    /// Adds a text in UTF-8, or any bytes.
    public void add(byte[] text) {
        count(text, 0, text.length, tables.getFirst());
        counted(text.length);
        if (tables.getFirst().size() > mostPieces) {
            put(tables.getFirst());
        }
    }

    /// Adds a text of any length, in UTF-8 or any bytes, that is read and counted in blocks.
    ///
    /// @param loop the threads that share the work
    /// @throws IOException if it cannot be read
    public void add(InputStream text, ParallelLoop loop) throws IOException {
        makeTables(loop);
        SplitPattern pattern = config.splitPattern();
        new TextBlocks(pattern, BLOCK, (block, size) -> count(block, size, loop)).read(text);
    }

    /// Adds texts to learn from, in UTF-8 or any bytes.
    ///
    /// @param loop the threads that share the work
    public void add(List<byte[]> texts, ParallelLoop loop) {
        requireNoInterruption(bytes(), "bytes of text");
        makeTables(loop);
        loop.run(texts.size(), (text, worker) -> {
            count(texts.get(text), 0, texts.get(text).length, tables.get(worker));
            putIfFull(tables.get(worker), loop);
        });
        texts.forEach(text -> counted(text.length));
    }

    private void makeTables(ParallelLoop loop) {
        while (tables.size() < loop.threads()) {
            tables.add(new PieceCounts());
        }
    }

    private void count(byte[] block, int size, ParallelLoop loop) {
        requireNoInterruption(bytes(), "bytes of text");
        int[] ends = Portions.of(block, size, config.splitPattern()).ends();
        loop.run(ends.length, (portion, worker) -> {
            count(block, portion == 0 ? 0 : ends[portion - 1], ends[portion], tables.get(worker));
            putIfFull(tables.get(worker), loop);
        });
        counted(size);
    }

    private void putIfFull(PieceCounts table, ParallelLoop loop) {
        if (table.size() > Math.max(FEWEST_IN_A_TABLE, mostPieces / loop.threads())) {
            put(table);
        }
    }

    private void count(byte[] text, int from, int to, PieceCounts table) {
        config.splitPattern().split(text, from, to, table::add);
    }

    private void counted(int more) {
        progress.counted(bytes.addAndGet(more));
    }

    private static void requireNoInterruption(long done, String what) {
        if (Thread.currentThread().isInterrupted()) {
            throw new CancellationException("training was interrupted after " + done + " " + what);
        }
    }

    private void put(PieceCounts table) {
        try {
            runs.put(table);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Number of bytes added so far.
    public long bytes() {
        return bytes.get();
    }

    /// How many distinct pieces the last training left out, because there were more than the most.
    public long droppedPieces() {
        return droppedPieces;
    }

    /// Learns from all that was added. More may be added afterwards, for training anew.
    ///
    /// @return a tokenizer with as many tokens as were asked for, or fewer if no more pairs are frequent enough
    public Tokenizer train() {
        List<Merge> merges = new ArrayList<>();
        int ordinary = config.vocabularySize() - config.specialTokens().size();
        TrainingPieces training = new TrainingPieces(pieces(), config);
        int first = training.vocabularySize();
        while (training.vocabularySize() < ordinary) {
            requireNoInterruption(merges.size(), "merges");
            Merge merge = training.mergeMostFrequentPair();
            if (merge == null) {
                break;
            }
            merges.add(merge);
            progress.merged(training.vocabularySize() - first, ordinary - first);
        }
        List<byte[]> tokens = training.tokens();
        Map<String, Integer> special = new LinkedHashMap<>();
        for (String name : config.specialTokens()) {
            special.put(name, tokens.size());
            tokens.add(Utf8.encode(name));
        }
        return new Tokenizer(new Vocabulary(tokens), merges, config.splitPattern(), new SpecialTokens(special), false);
    }

    /// The pieces to learn from.
    private PieceCounts pieces() {
        droppedPieces = 0;
        PieceCounts first = tables.getFirst();
        for (PieceCounts table : tables.subList(1, tables.size())) {
            first.addAll(table);
            table.clear();
        }
        if (runs.isEmpty() && first.size() <= mostPieces) {
            return first;
        }
        put(first);
        try {
            return mostFrequent();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Reads the runs twice: to learn which count is too low, and for the pieces above it. Of those with the lowest
    /// count that is kept, the first in the order of their bytes are taken until there are enough.
    private PieceCounts mostFrequent() throws IOException {
        NavigableMap<Long, Long> piecesByCount = new TreeMap<>();
        runs.forEach((piece, count) -> piecesByCount.merge(count, 1L, Long::sum));
        long left = mostPieces;
        long lowest = 0;
        for (Map.Entry<Long, Long> entry : piecesByCount.descendingMap().entrySet()) {
            lowest = entry.getKey();
            if (entry.getValue() > left) {
                break;
            }
            left -= entry.getValue();
            lowest = entry.getKey() - 1;
        }
        droppedPieces =
                piecesByCount.values().stream().mapToLong(Long::longValue).sum();
        PieceCounts kept = new PieceCounts();
        long threshold = lowest;
        long[] atThreshold = {left};
        runs.forEach((piece, count) -> {
            if (count > threshold || count == threshold && atThreshold[0]-- > 0) {
                kept.add(piece, 0, piece.length, count);
            }
        });
        droppedPieces -= kept.size();
        return kept;
    }

    /// Number of different pieces in memory so far.
    int distinctPieces() {
        return tables.stream().mapToInt(PieceCounts::size).sum();
    }

    /// Deletes what was written to temporary files.
    @Override
    public void close() throws IOException {
        runs.close();
    }
}
