package torrefy.tokenizer;

import java.io.IOException;

/// Takes tokens in order, a run at a time.
@FunctionalInterface
public interface TokenSink {

    /// Takes `tokens[from]` to `tokens[from + count - 1]`, which are valid during the call.
    ///
    /// @throws IOException if there is no place for them
    void accept(int[] tokens, int from, int count) throws IOException;
}
