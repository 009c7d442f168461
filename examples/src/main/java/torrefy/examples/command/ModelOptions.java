package torrefy.examples.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import torrefy.examples.quickstart.Architecture.Family;
import torrefy.examples.quickstart.BuiltCorpus;
import torrefy.examples.quickstart.ModelChoice;
import torrefy.examples.quickstart.NewModel;
import torrefy.examples.quickstart.TrainedModel;
import torrefy.model.architecture.TransformerConfig;
import torrefy.model.layer.Positions;

/// The options that say which model is trained: a new one, by its sizes, or one that is there, by its folder.
final class ModelOptions {

    @Option(
            names = "--from",
            paramLabel = "DIR",
            description = "Train the model in this folder further, with its tokenizer: one of an earlier run, or one"
                    + " from Hugging Face. Then it has its own sizes, and DIR must stay until the run is over.")
    private Path from;

    @Mixin
    private SizeOptions size;

    @Mixin
    private ArchitectureOptions architecture;

    /// Which model.
    ///
    /// @param corpus that it is to be trained on; null for the JDK's sources
    /// @throws IllegalArgumentException if the options make none, or contradict the one in the folder or the corpus
    /// @throws IOException if there is none in the folder, or the corpus is not finished
    ModelChoice model(Path corpus) throws IOException {
        Optional<BuiltCorpus> built = BuiltCorpus.in(corpus);
        if (from == null) {
            if (built.isPresent()) {
                requireSame(
                        "--vocab", size.vocabulary, built.get().tokenizer().vocabularySize(), "corpus in " + corpus);
            }
            return new NewModel(
                    architecture.architecture(),
                    size.vocabulary(),
                    size.context(),
                    size.layers(),
                    size.heads(),
                    size.width());
        }
        TrainedModel model = TrainedModel.in(from);
        TransformerConfig its = model.shape();
        String where = "model in " + from;
        requireSame("--vocab", size.vocabulary, its.vocabulary(), where);
        requireSame("--layers", size.layers, its.layers(), where);
        requireSame("--width", size.width, its.width(), where);
        requireSame("--heads", size.heads, its.heads(), where);
        requireSame("--kv-heads", architecture.keyValueHeads(), its.keyValueHeads(), where);
        requireSame(
                "--architecture",
                architecture.family(),
                its.positions() instanceof Positions.Rotary ? Family.LLAMA : Family.GPT2,
                where);
        requireHas("--qk-norm", architecture.queryKeyNorm(), its.attention().queryKeyNorm());
        requireHas("--untied-head", architecture.untiedHead(), !its.tiedHead());
        if (size.context != null && size.context > its.context()) {
            throw new IllegalArgumentException("--context " + size.context + " is more than the model in " + from
                    + " can look back on, which is " + its.context());
        }
        return model;
    }

    /// Tokens in a sequence of a step.
    ///
    /// @param model that [#model] gave
    int length(ModelChoice model) {
        int longest = model instanceof TrainedModel trained ? trained.shape().context() : Integer.MAX_VALUE;
        return Math.min(size.context(), longest);
    }

    /// @param where the thing that has `its`
    private static void requireSame(String option, Object given, Object its, String where) {
        if (given != null && !given.equals(its)) {
            throw new IllegalArgumentException(option + " " + word(given) + " contradicts the " + where + ", which has "
                    + word(its) + ": leave it out");
        }
    }

    private static String word(Object value) {
        return value.toString().toLowerCase(Locale.ROOT);
    }

    private void requireHas(String option, boolean given, boolean itHas) {
        if (given && !itHas) {
            throw new IllegalArgumentException(
                    option + " contradicts the model in " + from + ", which has none: leave it out");
        }
    }
}
