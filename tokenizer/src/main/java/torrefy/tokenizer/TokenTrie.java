package torrefy.tokenizer;

import java.util.Arrays;

/// All tokens of a vocabulary as a tree of bytes, to find those with which a text begins.
final class TokenTrie {

    private static final int ROOT = 0;

    /// The edge from a node by a byte has a number, and the node that it leads to is that number plus one.
    private final PairTable edges = new PairTable();

    /// The token that ends in each node, or -1.
    private int[] tokens = new int[1 << 10];

    TokenTrie(Vocabulary vocabulary) {
        Arrays.fill(tokens, -1);
        for (int token = 0; token < vocabulary.size(); token++) {
            if (!vocabulary.contains(token)) {
                continue;
            }
            int node = ROOT;
            for (byte value : vocabulary.bytes(token)) {
                node = edges.intern(node, value & 0xff) + 1;
            }
            if (node >= tokens.length) {
                int length = tokens.length;
                tokens = Arrays.copyOf(tokens, Math.max(node + 1, 2 * length));
                Arrays.fill(tokens, length, tokens.length, -1);
            }
            tokens[node] = token;
        }
    }

    /// The tokens with which `text[at]` to `text[to - 1]` begins, the shortest first.
    void beginnings(byte[] text, int at, int to, TokenBuffer out) {
        int node = ROOT;
        for (int i = at; i < to; i++) {
            node = edges.find(node, text[i] & 0xff) + 1;
            if (node == ROOT) {
                return;
            }
            if (node < tokens.length && tokens[node] >= 0) {
                out.add(tokens[node]);
            }
        }
    }
}
