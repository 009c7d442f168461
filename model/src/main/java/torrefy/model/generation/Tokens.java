package torrefy.model.generation;

import java.util.NoSuchElementException;
import java.util.PrimitiveIterator;

/// The tokens that follow one prompt: each is computed when it is asked for, and none before.
public final class Tokens implements PrimitiveIterator.OfInt, AutoCloseable {

    private final Generation generation;
    private int next;

    Tokens(Generation generation) {
        this.generation = generation;
    }

    /// Whether there is another token: false after as many as were wanted, and after [#close].
    @Override
    public boolean hasNext() {
        return generation.isRunning();
    }

    @Override
    public int nextInt() {
        if (!hasNext()) {
            throw new NoSuchElementException("no more tokens: as many as were wanted are drawn, or it was closed");
        }
        generation.step((text, token) -> {
            next = token;
            return true;
        });
        return next;
    }

    /// How fast it went so far.
    public Speed speed() {
        return generation.speed();
    }

    /// Ends it and frees what was kept of the text.
    @Override
    public void close() {
        generation.close();
    }
}
