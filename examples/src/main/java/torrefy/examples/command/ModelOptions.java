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

    private static final int VOCABULARY = 4096;
    private static final int LAYERS = 4;
    private static final int WIDTH = 256;
    private static final int HEADS = 4;
    private static final int CONTEXT = 256;

    @Option(
            names = "--from",
            paramLabel = "DIR",
            description = "Train the model in this folder further, with its tokenizer: one of an earlier run, or one"
                    + " from Hugging Face. Then it has its own sizes, and DIR must stay until the run is over.")
    private Path from;

    @Option(
            names = "--vocab",
            paramLabel = "N",
            description = "Tokens in the vocabulary, at least 257 (default: 4096).")
    private Integer vocabulary;

    @Option(
            names = "--layers",
            paramLabel = "N",
            description = "Transformer blocks (default: 4, or chosen; see --minutes).")
    private Integer layers;

    @Option(
            names = "--width",
            paramLabel = "N",
            description = "Channels per position (default: 256, or chosen; see --minutes).")
    private Integer width;

    @Option(
            names = "--heads",
            paramLabel = "N",
            description = "Attention heads; must divide the width (default: 4, or chosen; see --minutes).")
    private Integer heads;

    @Option(
            names = "--context",
            paramLabel = "N",
            description = "Tokens the model looks back on; with --from, as many as it learns to, which may be fewer"
                    + " than it can (default: 256).")
    private Integer context;

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
                requireSame("--vocab", vocabulary, built.get().tokenizer().vocabularySize(), "corpus in " + corpus);
            }
            return new NewModel(
                    architecture.architecture(),
                    or(vocabulary, VOCABULARY),
                    or(context, CONTEXT),
                    or(layers, LAYERS),
                    or(heads, HEADS),
                    or(width, WIDTH));
        }
        TrainedModel model = TrainedModel.in(from);
        TransformerConfig its = model.shape();
        String where = "model in " + from;
        requireSame("--vocab", vocabulary, its.vocabulary(), where);
        requireSame("--layers", layers, its.layers(), where);
        requireSame("--width", width, its.width(), where);
        requireSame("--heads", heads, its.heads(), where);
        requireSame("--kv-heads", architecture.keyValueHeads(), its.keyValueHeads(), where);
        requireSame(
                "--architecture",
                architecture.family(),
                its.positions() instanceof Positions.Rotary ? Family.LLAMA : Family.GPT2,
                where);
        requireHas("--qk-norm", architecture.queryKeyNorm(), its.attention().queryKeyNorm());
        requireHas("--untied-head", architecture.untiedHead(), !its.tiedHead());
        if (context != null && context > its.context()) {
            throw new IllegalArgumentException("--context " + context + " is more than the model in " + from
                    + " can look back on, which is " + its.context());
        }
        return model;
    }

    /// Tokens in a sequence of a step.
    ///
    /// @param model that [#model] gave
    int length(ModelChoice model) {
        int longest = model instanceof TrainedModel trained ? trained.shape().context() : Integer.MAX_VALUE;
        return context == null ? Math.min(CONTEXT, longest) : context;
    }

    private static int or(Integer given, int standard) {
        return given == null ? standard : given;
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
