package torrefy.examples.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import torrefy.core.backend.Backend;
import torrefy.core.backend.Backends;
import torrefy.examples.quickstart.RunFolder;
import torrefy.model.architecture.Storage;
import torrefy.model.architecture.Transformer;
import torrefy.model.checkpoint.HuggingFaceFolder;
import torrefy.model.checkpoint.LlmcCheckpoint;
import torrefy.tokenizer.Tokenizer;
import torrefy.tokenizer.TokenizerFile;
import torrefy.tokenizer.TokenizerJson;

/// Makes the folder of a run out of a model that others trained.
@Command(
        name = "import",
        description =
                "Makes the folder of a run, for 'generate', 'evaluate' and 'export', out of a model trained elsewhere."
                        + " (A Hugging Face folder with a tokenizer.json is one as it stands.)",
        mixinStandardHelpOptions = true)
public final class ImportCommand implements Callable<Integer> {

    @Parameters(
            paramLabel = "MODEL",
            description = "A Hugging Face folder (GPT-2, Llama, Mistral, Qwen 2 or 3), or a checkpoint of llm.c.")
    private Path path;

    @Option(
            names = {"-t", "--tokenizer"},
            paramLabel = "FILE",
            description =
                    "The model's tokenizer, in any form that 'tokenizer encode' takes (default: the one in MODEL).")
    private Path tokenizerFile;

    @Option(names = "--out", paramLabel = "DIR", required = true, description = "The folder to make.")
    private Path out;

    @Override
    public Integer call() throws IOException {
        if (!Files.exists(path)) {
            throw new NoSuchFileException(path + ": no such folder, and no such checkpoint");
        }
        if (tokenizerFile == null && !Files.isDirectory(path)) {
            throw new IllegalArgumentException(path + " has no tokenizer in it: name it with --tokenizer");
        }
        Tokenizer tokenizer = TokenizerFile.read(tokenizerFile == null ? path : tokenizerFile);
        try (Backend backend = Backends.create("scalar", 1)) {
            Transformer model = LlmcCheckpoint.isOne(path)
                    ? LlmcCheckpoint.load(path, backend, Storage.F32)
                    : HuggingFaceFolder.load(path, backend);
            int vocabulary = model.config().vocabulary();
            if (vocabulary < tokenizer.vocabularySize()) {
                throw new IllegalArgumentException(path + ": has a vocabulary of " + vocabulary
                        + ", too few for a tokenizer of " + tokenizer.vocabularySize());
            }
            RunFolder folder = RunFolder.create(out, false);
            folder.saveModel(model, tokenizer);
            TokenizerJson.write(tokenizer, folder.tokenizer());
            System.out.printf(
                    Locale.ROOT,
                    "%s: a model of %,d parameters%n",
                    out,
                    model.config().parameters());
        }
        return 0;
    }
}
