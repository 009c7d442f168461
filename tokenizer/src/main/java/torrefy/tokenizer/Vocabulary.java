package torrefy.tokenizer;

import java.util.List;

/// The byte string behind every token id. Ids run from 0 to `size() - 1`; no two tokens have the same bytes.
public final class Vocabulary {

    private final ByteStringTable tokens = new ByteStringTable();

    /// @param tokens the bytes of token 0, 1, 2 …
    /// @throws IllegalArgumentException if a token is empty or two are equal
    public Vocabulary(List<byte[]> tokens) {
        for (byte[] token : tokens) {
            int id = this.tokens.size();
            if (token.length == 0) {
                throw new IllegalArgumentException("token " + id + " is empty");
            }
            int given = this.tokens.intern(token, 0, token.length);
            if (given != id) {
                throw new IllegalArgumentException("tokens " + given + " and " + id + " have the same bytes");
            }
        }
    }

    /// V, the number of tokens.
    public int size() {
        return tokens.size();
    }

    /// The bytes of a token.
    ///
    /// @throws IndexOutOfBoundsException if there is no such token
    public byte[] bytes(int token) {
        requireToken(token);
        return tokens.get(token);
    }

    /// The token that has exactly these bytes, or -1.
    public int find(byte[] bytes) {
        return tokens.find(bytes, 0, bytes.length);
    }

    int find(byte[] bytes, int from, int count) {
        return tokens.find(bytes, from, count);
    }

    /// Whether the bytes from `at` on, and before `to`, begin with those of a token.
    boolean isAt(int token, byte[] bytes, int at, int to) {
        return tokens.isAt(token, bytes, at, to);
    }

    int length(int token) {
        return tokens.length(token);
    }

    private void requireToken(int token) {
        if (token < 0 || token >= tokens.size()) {
            throw new IndexOutOfBoundsException("token " + token + " is outside the vocabulary of " + tokens.size());
        }
    }
}
