package torrefy.examples.quickstart;

import java.io.IOException;
import java.util.Optional;
import torrefy.core.backend.Backend;
import torrefy.model.architecture.Storage;
import torrefy.model.architecture.Transformer;
import torrefy.model.architecture.TransformerConfig;
import torrefy.tokenizer.Tokenizer;

/// What a run begins with: a new model, or one that was trained before.
public sealed interface ModelChoice permits NewModel, TrainedModel {

    /// The model's shape.
    ///
    /// @param vocabulary tokens of the tokenizer that was trained; on little text fewer than were asked for
    TransformerConfig config(int vocabulary);

    /// Tokens that were asked for.
    int vocabulary();

    /// The tokenizer, if it is there already.
    Optional<Tokenizer> tokenizer();

    /// The model itself, before its first step.
    ///
    /// @param seed of what is drawn
    Transformer build(TransformerConfig config, Backend backend, long seed, Storage storage) throws IOException;
}
