package torrefy.tokenizer;

import java.util.Arrays;
import java.util.BitSet;

/// The tokens of a long piece in time linear in its length, without merging it.
///
/// What merging leads to can be recognized by neighbours alone: a run of tokens is the encoding of its bytes exactly
/// if each two neighbours are the encoding of theirs. (Think of the first merge that would cross the edge between two
/// tokens. All merges before it stayed inside tokens, so the two of that edge, merged alone, come to the same state,
/// and there too it is this merge's turn.) So one may guess: take a token that the rest of the piece begins with and
/// that agrees with the one before, the longest first; if none does, take the last one back and another instead.
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

    /// What followed each token last, or -1: long pieces repeat themselves, so it is tried before all others.
    private final int[] followers;

    LongPiece(Vocabulary vocabulary, TokenTrie trie, Neighbours neighbours) {
        this.vocabulary = vocabulary;
        this.trie = trie;
        this.neighbours = neighbours;
        followers = new int[vocabulary.size()];
        Arrays.fill(followers, -1);
    }

    /// Appends the tokens of `bytes[from]` to `bytes[to - 1]` to `out`.
    void encode(byte[] bytes, int from, int to, TokenBuffer out) {
        BitSet leadsNowhere = new BitSet();
        int first = out.size();
        int at = from;
        while (at < to) {
            int left = out.size() > first ? out.last() : -1;
            int token = next(bytes, at, to, left, from, leadsNowhere);
            if (token >= 0) {
                out.add(token);
                at += vocabulary.length(token);
            } else {
                // Something leads to the end, so this is not the beginning.
                leadsNowhere.set(at - from);
                at -= vocabulary.length(left);
                out.removeLast();
            }
        }
    }

    /// A token that can stand at a place, or -1.
    private int next(byte[] bytes, int at, int to, int left, int from, BitSet leadsNowhere) {
        int guess = left < 0 ? -1 : followers[left];
        if (guess >= 0
                && vocabulary.isAt(guess, bytes, at, to)
                && !leadsNowhere.get(at - from + vocabulary.length(guess))
                && neighbours.agree(left, guess)) {
            return guess;
        }
        candidates.clear();
        trie.beginnings(bytes, at, to, candidates);
        for (int i = candidates.size() - 1; i >= 0; i--) {
            int token = candidates.array()[i];
            if (!leadsNowhere.get(at - from + vocabulary.length(token)) && neighbours.agree(left, token)) {
                if (left >= 0) {
                    followers[left] = token;
                }
                return token;
            }
        }
        return -1;
    }
}
