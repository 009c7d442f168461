package torrefy.examples.quickstart;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import torrefy.core.backend.Backend;
import torrefy.model.architecture.Storage;
import torrefy.model.architecture.Transformer;
import torrefy.model.architecture.TransformerConfig;
import torrefy.model.checkpoint.HuggingFaceFolder;
import torrefy.tokenizer.Tokenizer;
import torrefy.tokenizer.TokenizerFile;

/// A model that is trained further, with its own tokenizer: one of an earlier run, or one from Hugging Face.
///
/// @param folder with both; read again when a run goes on
/// @param shape of the model
/// @param its tokenizer
public record TrainedModel(Path folder, TransformerConfig shape, Tokenizer its) implements ModelChoice {

    /// Looks into a folder.
    ///
    /// @throws IOException if it holds no model that can be read, or no tokenizer, or two that do not fit, or if the
    ///     tokenizer has no mark that ends a text
    public static TrainedModel in(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new NoSuchFileException(
                    folder.toString(),
                    null,
                    "no such folder; --from takes the folder of an earlier run, or one of a Hugging Face model");
        }
        TransformerConfig shape = HuggingFaceFolder.loadConfig(folder);
        Tokenizer tokenizer = TokenizerFile.read(folder);
        RunFolder.requireRoom(folder, shape, tokenizer);
        try {
            tokenizer.endOfText();
        } catch (IllegalArgumentException e) {
            throw new IOException(folder + ": texts have no end that could be learned: " + e.getMessage(), e);
        }
        return new TrainedModel(folder, shape, tokenizer);
    }

    @Override
    public TransformerConfig config(int vocabulary) {
        return shape;
    }

    @Override
    public int vocabulary() {
        return its.vocabularySize();
    }

    @Override
    public Optional<Tokenizer> tokenizer() {
        return Optional.of(its);
    }

    @Override
    public Transformer build(TransformerConfig config, Backend backend, long seed, Storage storage) throws IOException {
        return HuggingFaceFolder.load(folder, backend, storage);
    }
}
