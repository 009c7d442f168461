package torrefy.examples.command;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import torrefy.core.backend.Backend;
import torrefy.core.backend.Backends;
import torrefy.core.data.AtomicFile;
import torrefy.examples.quickstart.RunFolder;
import torrefy.model.architecture.Transformer;
import torrefy.model.checkpoint.DocumentMarks;
import torrefy.model.checkpoint.GgufFile;
import torrefy.model.checkpoint.GgufTokens;
import torrefy.model.checkpoint.GgufType;
import torrefy.model.checkpoint.HuggingFaceFolder;
import torrefy.model.checkpoint.LlmcCheckpoint;
import torrefy.model.checkpoint.StoredType;
import torrefy.tokenizer.LlamaCppVocabulary;
import torrefy.tokenizer.LlmcTokenizerFile;
import torrefy.tokenizer.Tokenizer;

/// Writes a trained model and its tokenizer in a form that other programs run.
@Command(
        name = "export",
        description = "Writes the model of a run for other programs: llama.cpp, Hugging Face's libraries, llm.c.",
        mixinStandardHelpOptions = true)
public final class ExportCommand implements Callable<Integer> {

    private enum Form {
        GGUF,
        HUGGINGFACE,
        LLMC
    }

    private enum Type {
        F32,
        F16,
        BF16,
        Q8_0
    }

    @Option(names = "--run", paramLabel = "DIR", required = true, description = "The folder of a run.")
    private Path run;

    @Option(
            names = "--to",
            paramLabel = "FORM",
            required = true,
            description = "gguf (a file for llama.cpp and its relatives), huggingface (a folder for transformers and"
                    + " others), or llmc (a checkpoint, and the tokenizer's file beside it).")
    private Form form;

    @Option(
            names = "--out",
            paramLabel = "PATH",
            required = true,
            description = "The file or folder to write; it must not exist.")
    private Path out;

    @Option(
            names = "--type",
            paramLabel = "TYPE",
            defaultValue = "f32",
            description = "How weights are stored: f32; f16 (gguf, huggingface); bf16 (huggingface, llmc); q8_0 (gguf)"
                    + " (default: ${DEFAULT-VALUE}).")
    private Type type;

    @Override
    public Integer call() throws Exception {
        if (Files.exists(out)) {
            throw new FileAlreadyExistsException(out.toString(), null, "exists already; choose another --out");
        }
        RunFolder folder = RunFolder.open(run);
        Tokenizer tokenizer = folder.loadTokenizer();
        try (Backend backend = Backends.create("scalar", 1)) {
            Transformer model = folder.loadModel(backend, tokenizer);
            switch (form) {
                case GGUF -> GgufFile.write(model, tokens(tokenizer, model), oneOf(GgufType.class), out);
                case LLMC -> {
                    LlmcCheckpoint.save(model, oneOf(StoredType.class), out);
                    LlmcTokenizerFile.write(tokenizer, besides());
                }
                case HUGGINGFACE -> writeFolder(model, tokenizer, folder);
            }
        }
        System.out.println("wrote " + out);
        return 0;
    }

    private <T extends Enum<T>> T oneOf(Class<T> types) {
        for (T possible : types.getEnumConstants()) {
            if (possible.name().equals(type.name())) {
                return possible;
            }
        }
        throw new IllegalArgumentException("--to " + form.name().toLowerCase(Locale.ROOT) + " has no --type "
                + type.name().toLowerCase(Locale.ROOT));
    }

    private static GgufTokens tokens(Tokenizer tokenizer, Transformer model) {
        LlamaCppVocabulary known =
                LlamaCppVocabulary.of(tokenizer, model.config().vocabulary());
        return new GgufTokens(
                known.splitting(), known.tokens(), known.types(), known.merges(), RunFolder.marks(tokenizer));
    }

    /// `model.bin` has its tokens in `model_tokenizer.bin`.
    private Path besides() {
        String name = out.getFileName().toString().replaceFirst("\\.bin$", "");
        return out.resolveSibling(name + "_tokenizer.bin");
    }

    private void writeFolder(Transformer model, Tokenizer tokenizer, RunFolder from) throws IOException {
        StoredType stored = oneOf(StoredType.class);
        Files.createDirectories(out);
        DocumentMarks marks = RunFolder.marks(tokenizer);
        HuggingFaceFolder.save(model, marks, out, stored);
        Files.copy(from.tokenizer(), out.resolve("tokenizer.json"));
        // Names the class that reads tokenizer.json, and the marks around a text.
        AtomicFile.write(out.resolve("tokenizer_config.json"), """
                {
                  "tokenizer_class": "PreTrainedTokenizerFast",
                  "model_max_length": %d,
                  "bos_token": "%s",
                  "eos_token": "%s"
                }
                """.formatted(
                model.config().context(), tokenizer.decodeText(marks.begin()), tokenizer.decodeText(marks.end())));
    }
}
