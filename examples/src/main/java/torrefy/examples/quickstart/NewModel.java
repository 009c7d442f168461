package torrefy.examples.quickstart;

import java.util.Optional;
import torrefy.core.backend.Backend;
import torrefy.model.architecture.Storage;
import torrefy.model.architecture.Transformer;
import torrefy.model.architecture.TransformerConfig;
import torrefy.tokenizer.Tokenizer;

/// A model with random weights, and a tokenizer that is still to be trained.
///
/// @param vocabulary tokens, at most
/// @param context tokens that it looks back on
public record NewModel(Architecture architecture, int vocabulary, int context, int layers, int heads, int width)
        implements ModelChoice {

    public NewModel {
        if (vocabulary < 257) {
            throw new IllegalArgumentException(
                    "--vocab must be at least 257, one for each byte and one for the end of a text; got " + vocabulary);
        }
        architecture.config(vocabulary, context, layers, heads, width);
    }

    @Override
    public TransformerConfig config(int trainedVocabulary) {
        return architecture.config(trainedVocabulary, context, layers, heads, width);
    }

    @Override
    public Optional<Tokenizer> tokenizer() {
        return Optional.empty();
    }

    @Override
    public Transformer build(TransformerConfig config, Backend backend, long seed, Storage storage) {
        return new Transformer(config, backend, seed, storage);
    }
}
