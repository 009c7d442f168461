package torrefy.tokenizer;

import java.util.Arrays;
import java.util.List;

/// The byte string behind every token id. Ids run from 0 to `size() - 1`; no two tokens have the same bytes. An id may
/// be left out: GPT-4's vocabulary goes from 100,255 to 100,257.
public final class Vocabulary {

    /// The strings of the tokens, in the order of their ids.
    private final ByteStringTable strings = new ByteStringTable();

    /// By string, the id; by id, the string, or -1. Null where no id is left out, and they are the same.
    private final int[] ids;

    private final int[] stringOf;
    private final int size;

    /// @param tokens the bytes of token 0, 1, 2 …; null for an id that is left out
    /// @throws IllegalArgumentException if a token is empty or two are equal
    public Vocabulary(List<byte[]> tokens) {
        size = tokens.size();
        boolean isGapless = tokens.stream().noneMatch(token -> token == null);
        int[] ids = new int[size];
        int[] stringOf = new int[size];
        Arrays.fill(stringOf, -1);
        int id = 0;
        for (byte[] token : tokens) {
            if (token != null) {
                int string = strings.size();
                if (token.length == 0) {
                    throw new IllegalArgumentException("token " + id + " is empty");
                }
                int given = strings.intern(token, 0, token.length);
                if (given != string) {
                    throw new IllegalArgumentException("tokens " + ids[given] + " and " + id + " have the same bytes");
                }
                ids[string] = id;
                stringOf[id] = string;
            }
            id++;
        }
        this.ids = isGapless ? null : ids;
        this.stringOf = isGapless ? null : stringOf;
    }

    /// V, one more than the largest token id.
    public int size() {
        return size;
    }

    /// Whether there is a token of this id.
    public boolean contains(int token) {
        return token >= 0 && token < size && string(token) >= 0;
    }

    /// The bytes of a token.
    ///
    /// @throws IndexOutOfBoundsException if there is no such token
    public byte[] bytes(int token) {
        requireToken(token);
        return strings.get(string(token));
    }

    /// The token that has exactly these bytes, or -1.
    public int find(byte[] bytes) {
        return find(bytes, 0, bytes.length);
    }

    int find(byte[] bytes, int from, int count) {
        int string = strings.find(bytes, from, count);
        return string < 0 || ids == null ? string : ids[string];
    }

    /// Whether the bytes from `at` on, and before `to`, begin with those of a token.
    boolean isAt(int token, byte[] bytes, int at, int to) {
        return strings.isAt(string(token), bytes, at, to);
    }

    /// The number of a token's bytes; 0 if there is no such token.
    public int length(int token) {
        int string = string(token);
        return string < 0 ? 0 : strings.length(string);
    }

    /// Copies the bytes of a token to `out[at]` and on; returns their number.
    int copy(int token, byte[] out, int at) {
        return strings.copy(string(token), out, at);
    }

    private int string(int token) {
        return stringOf == null ? token : stringOf[token];
    }

    private void requireToken(int token) {
        if (!contains(token)) {
            throw new IndexOutOfBoundsException("token " + token
                    + (token >= 0 && token < size ? " is left out of" : " is outside") + " the vocabulary of " + size);
        }
    }
}
