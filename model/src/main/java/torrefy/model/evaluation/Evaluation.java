package torrefy.model.evaluation;

/// How well a model predicts a text.
///
/// @param loss the mean negative log-likelihood in nats per token
/// @param tokens the number of tokens predicted
/// @param bytes the number of bytes of text that they stand for
public record Evaluation(double loss, long tokens, long bytes) {

    /// `e^loss`: as uncertain as a fair choice among so many tokens.
    public double perplexity() {
        return Math.exp(loss);
    }

    /// `loss·tokens / (bytes·ln 2)`: the bits a perfect compressor with this model would need for a byte. It does
    /// not depend on the tokenizer, so that models with different vocabularies, and compressors, can be compared.
    public double bitsPerByte() {
        return loss * tokens / (bytes * Math.log(2));
    }
}
