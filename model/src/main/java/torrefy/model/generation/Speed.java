package torrefy.model.generation;

/// How fast texts were continued.
///
/// @param readTokens tokens of prompts that were read, many in one pass, and of older text that was read again
/// @param readSeconds what that took
/// @param writtenTokens tokens that came of passes over one position of each text
/// @param writtenSeconds what that took, the drawing included
public record Speed(long readTokens, double readSeconds, long writtenTokens, double writtenSeconds) {

    /// Tokens a second while reading ("prefill"); NaN if nothing was read.
    public double reading() {
        return readTokens / readSeconds;
    }

    /// Tokens a second, of all texts together, while writing ("decode"); NaN if nothing was written.
    public double writing() {
        return writtenTokens / writtenSeconds;
    }

    /// Measures while it goes on.
    static final class Watch {

        private long readTokens;
        private long readNanos;
        private long writtenTokens;
        private long writtenNanos;

        /// Takes down one pass of the model over `length` positions of each of `texts` texts.
        void passed(int texts, int length, long nanos) {
            if (length == 1) {
                writtenTokens += texts;
                writtenNanos += nanos;
            } else {
                readTokens += (long) texts * length;
                readNanos += nanos;
            }
        }

        Speed speed() {
            return new Speed(readTokens, readNanos * 1e-9, writtenTokens, writtenNanos * 1e-9);
        }
    }
}
