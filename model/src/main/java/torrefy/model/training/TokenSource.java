package torrefy.model.training;

import java.util.Arrays;
import java.util.Objects;
import torrefy.core.data.TokenShard;

/// A long row of token ids to train or evaluate on.
public interface TokenSource {

    /// Number of tokens.
    long length();

    /// Copies tokens `from` to `from + count - 1` to `out[at]` and on.
    void read(long from, int[] out, int at, int count);

    /// The tokens of a mapped file, which must stay open.
    static TokenSource of(TokenShard shard) {
        return new TokenSource() {
            @Override
            public long length() {
                return shard.length();
            }

            @Override
            public void read(long from, int[] out, int at, int count) {
                shard.read(from, out, at, count);
            }
        };
    }

    /// The tokens of an array, shared, not copied.
    static TokenSource of(int... tokens) {
        return new TokenSource() {
            @Override
            public long length() {
                return tokens.length;
            }

            @Override
            public void read(long from, int[] out, int at, int count) {
                System.arraycopy(tokens, Math.toIntExact(from), out, at, Objects.checkIndex(count, tokens.length + 1));
            }
        };
    }

    /// A text without end that is nothing but token 0: to find out what reading it takes.
    static TokenSource zeros() {
        return new TokenSource() {
            @Override
            public long length() {
                return Long.MAX_VALUE / 2;
            }

            @Override
            public void read(long from, int[] out, int at, int count) {
                Arrays.fill(out, at, at + count, 0);
            }
        };
    }
}
