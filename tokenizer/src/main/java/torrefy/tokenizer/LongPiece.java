package torrefy.tokenizer;

import java.util.BitSet;

/// The tokens of a long piece in time linear in its length, without merging it.
///
/// What merging leads to can be recognized by neighbours alone: a run of tokens is the encoding of its bytes exactly
/// if each two neighbours are the encoding of theirs. (Think of the first merge that would cross the edge between two
/// tokens. All merges before it stayed inside tokens, so the two of that edge, merged alone, come to the same state,
/// and there too it is this merge's turn.) So one may guess: take the longest token that the rest of the piece begins
/// with and that goes with the one before; if none does, take the last one back and a shorter one instead.
///
/// A place in the piece is reached by one run of tokens at most, the encoding of what lies before it. A place that
/// led nowhere once always will, and none is passed more than once.
/// Source: van Antwerpen and Neubeck, "So many tokens, so little time", GitHub, 2024.
final class LongPiece {

    /// Whether two neighbours are the encoding of their bytes; `left` is -1 at the beginning.
    @FunctionalInterface
    interface Neighbours {
        boolean agree(int left, int right);
    }

    private final Vocabulary vocabulary;
    private final TokenTrie trie;
    private final Neighbours neighbours;
    private final TokenBuffer candidates = new TokenBuffer();

    LongPiece(Vocabulary vocabulary, TokenTrie trie, Neighbours neighbours) {
        this.vocabulary = vocabulary;
        this.trie = trie;
        this.neighbours = neighbours;
    }

    /// Appends the tokens of `bytes[from]` to `bytes[from + count - 1]` to `out`.
    void encode(byte[] bytes, int from, int count, TokenBuffer out) {
        BitSet leadsNowhere = new BitSet();
        int first = out.size();
        int at = 0;
        int shorterThan = Integer.MAX_VALUE;
        while (at < count) {
            int left = out.size() > first ? out.last() : -1;
            int token = next(bytes, from, at, count, left, shorterThan, leadsNowhere);
            if (token >= 0) {
                out.add(token);
                at += vocabulary.length(token);
                shorterThan = Integer.MAX_VALUE;
            } else {
                // Something leads to the end, so this is not the beginning.
                leadsNowhere.set(at);
                shorterThan = vocabulary.length(left);
                at -= shorterThan;
                out.removeLast();
            }
        }
    }

    private int next(byte[] bytes, int from, int at, int count, int left, int shorterThan, BitSet leadsNowhere) {
        candidates.clear();
        trie.beginnings(bytes, from + at, from + count, candidates);
        for (int i = candidates.size() - 1; i >= 0; i--) {
            int token = candidates.array()[i];
            int length = vocabulary.length(token);
            if (length < shorterThan && !leadsNowhere.get(at + length) && neighbours.agree(left, token)) {
                return token;
            }
        }
        return -1;
    }
}
