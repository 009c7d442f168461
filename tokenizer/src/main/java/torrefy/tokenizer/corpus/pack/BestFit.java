package torrefy.tokenizer.corpus.pack;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Best-fit packing: Ding et al., *Fewer Truncations Improve Language Modeling* (arXiv 2404.10830).
///
/// Only documents longer than a sequence are cut, into pieces of its length. Pieces, each with its end-of-text
/// mark, are taken from the longest to the shortest, and each goes into the sequence that it fills best: the one
/// with the least room that is enough. What room is left is filled with end-of-text marks; that is the waste, far
/// below a per cent for most texts.
///
/// Packing all pieces of a corpus at once would hold them all, so it is done for some 4 million tokens at a time,
/// however much memory there is.
final class BestFit implements Packing {

    private static final int WINDOW_TOKENS = 1 << 22;

    private final ShardSeries shards;
    private final int length;
    private final int endOfText;
    private final List<Piece> window = new ArrayList<>();
    private long windowTokens;
    private long padding;

    /// Tokens of a document that stay together.
    ///
    /// @param marked whether the document ends here, so that a mark follows
    private record Piece(TokenizedDocument document, int from, int count, boolean marked, int order) {

        int length() {
            return count + (marked ? 1 : 0);
        }
    }

    /// Pieces that share a sequence.
    private static final class Sequence {
        final List<Piece> pieces = new ArrayList<>();
        int room;

        Sequence(int length) {
            room = length;
        }
    }

    BestFit(ShardSeries shards, int length, int endOfText) {
        this.shards = shards;
        this.length = length;
        this.endOfText = endOfText;
    }

    @Override
    public void add(TokenizedDocument document) throws IOException {
        int tokens = document.tokens().length;
        for (int from = 0; from < tokens; from += length) {
            // A piece that fills a sequence to the last place has no room for a mark.
            int count = Math.min(length, tokens - from);
            window.add(new Piece(document, from, count, count < length, window.size()));
            windowTokens += count;
        }
        if (windowTokens >= WINDOW_TOKENS) {
            pack();
        }
    }

    @Override
    public void finish() throws IOException {
        pack();
    }

    private void pack() throws IOException {
        List<Sequence> sequences = new ArrayList<>();
        TreeMap<Integer, List<Sequence>> byRoom = new TreeMap<>();
        List<Piece> longestFirst = window.stream()
                .sorted(Comparator.comparingInt(Piece::length).reversed().thenComparingInt(Piece::order))
                .toList();
        for (Piece piece : longestFirst) {
            Map.Entry<Integer, List<Sequence>> fitting = byRoom.ceilingEntry(piece.length());
            Sequence sequence;
            if (fitting == null) {
                sequence = new Sequence(length);
                sequences.add(sequence);
            } else {
                sequence = fitting.getValue().removeLast();
                if (fitting.getValue().isEmpty()) {
                    byRoom.remove(fitting.getKey());
                }
            }
            sequence.pieces.add(piece);
            sequence.room -= piece.length();
            if (sequence.room > 0) {
                byRoom.computeIfAbsent(sequence.room, unused -> new ArrayList<>())
                        .add(sequence);
            }
        }
        write(sequences);
        window.clear();
        windowTokens = 0;
    }

    /// In the order of the documents that the sequences begin with: made from long to short, they would otherwise be
    /// learned so.
    private void write(List<Sequence> sequences) throws IOException {
        sequences.sort(Comparator.comparingInt(sequence -> sequence.pieces.getFirst().order));
        for (Sequence sequence : sequences) {
            shards.mayEnd();
            for (Piece piece : sequence.pieces) {
                shards.write(piece.document, piece.from, piece.count);
                shards.writeMark(endOfText, piece.marked ? 1 : 0);
            }
            shards.writeMark(endOfText, sequence.room);
            padding += sequence.room;
        }
    }

    @Override
    public long padding() {
        return padding;
    }
}
