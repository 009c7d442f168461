package torrefy.examples.quickstart;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import torrefy.core.backend.ArrayMemory;
import torrefy.core.data.AtomicFile;
import torrefy.model.architecture.TransformerConfig;
import torrefy.model.checkpoint.MalformedFileException;
import torrefy.model.plan.Budget;
import torrefy.model.plan.Calibration;
import torrefy.model.plan.LossModel;
import torrefy.model.plan.ModelSizes;
import torrefy.model.plan.Proposal;
import torrefy.model.plan.PublishedLaws;
import torrefy.model.plan.RepeatedText;
import torrefy.model.plan.SpeedCurve;
import torrefy.model.plan.StepSetup;

/// What a quickstart trains if its user named no sizes: the model that the time is best spent on. It is kept in the
/// run's folder, because a run that goes on cannot choose again.
///
/// @param layers blocks
/// @param heads of attention
/// @param width channels
/// @param batch sequences a step
/// @param learningRate the highest
record ChosenSizes(int layers, int heads, int width, int batch, float learningRate) {

    /// What is left of the time for steps, when held-out text is looked at and models are saved beside them.
    private static final double STEPS_SHARE = 0.95;

    /// Chooses, and says so on stdout.
    ///
    /// @param calibration by which the speed of models is known
    /// @param memory to train in
    /// @param tokens of text that there are to train on
    /// @param seconds to train for
    /// @throws IllegalArgumentException if the memory is too small for the smallest model
    static ChosenSizes of(
            QuickstartOptions options,
            int vocabulary,
            Calibration calibration,
            ArrayMemory memory,
            long tokens,
            double seconds) {
        ModelSizes sizes = new ModelSizes(vocabulary, options.context());
        SpeedCurve speed = SpeedCurve.measure(calibration, sizes, 1);
        LossModel law = new RepeatedText(new PublishedLaws(), tokens);
        Budget budget = new Budget(Math.max(1, STEPS_SHARE * seconds), memory, 0, "--minutes " + options.minutes());
        Proposal proposal = Proposal.orSmallest(budget, sizes, speed, law);
        StepSetup setup = proposal.plan().setup();
        TransformerConfig config = setup.config();
        System.out.printf(
                Locale.ROOT,
                "chosen for %.0f s of training: %d layers of width %d, %d sequences a step; %s, and by Chinchilla's law (arXiv"
                        + " 2404.10102) neither a larger nor a smaller model does better; --width, --layers, --heads or"
                        + " --batch chooses instead%n",
                budget.seconds(),
                config.layers(),
                config.width(),
                setup.stepSequences(),
                speed.isRough()
                        ? "how fast this machine is was measured in haste"
                        : String.format(
                                Locale.ROOT, "it should get through %,.2f million tokens", proposal.tokens() / 1e6));
        return new ChosenSizes(
                config.layers(),
                config.heads(),
                config.width(),
                setup.stepSequences(),
                ModelSizes.learningRate(config.width()));
    }

    /// What was chosen when the run began; empty if nothing was yet.
    ///
    /// @throws MalformedFileException if the file is damaged
    static Optional<ChosenSizes> read(RunFolder folder) throws IOException {
        Path file = folder.chosenSizes();
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        Properties sizes = new Properties();
        try {
            sizes.load(new StringReader(Files.readString(file)));
            return Optional.of(new ChosenSizes(
                    Integer.parseInt(sizes.getProperty("layers")),
                    Integer.parseInt(sizes.getProperty("heads")),
                    Integer.parseInt(sizes.getProperty("width")),
                    Integer.parseInt(sizes.getProperty("batch")),
                    Float.parseFloat(sizes.getProperty("learning_rate", ""))));
        } catch (IllegalArgumentException | CharacterCodingException e) {
            throw new MalformedFileException(
                    file, "does not say what was chosen: name --layers, --heads, --width and --batch");
        }
    }

    /// The model of these sizes.
    NewModel model(int vocabulary, int context) {
        return new NewModel(Architecture.gpt2(), vocabulary, context, layers, heads, width);
    }

    void write(RunFolder folder) throws IOException {
        AtomicFile.write(
                folder.chosenSizes(),
                "layers=" + layers + "\nheads=" + heads + "\nwidth=" + width + "\nbatch=" + batch + "\nlearning_rate="
                        + learningRate + "\n");
    }
}
