package torrefy.examples.quickstart;

import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import torrefy.core.backend.Backend;
import torrefy.core.data.FileHash;
import torrefy.core.data.TokenShard;
import torrefy.core.memory.Arena;
import torrefy.model.architecture.Transformer;
import torrefy.model.architecture.TransformerConfig;
import torrefy.model.checkpoint.RunFacts;
import torrefy.model.evaluation.Evaluation;
import torrefy.model.evaluation.Evaluator;
import torrefy.model.generation.Sampler;
import torrefy.model.layer.Positions;
import torrefy.model.optimizer.AdamW;
import torrefy.model.optimizer.Schedule;
import torrefy.model.plan.Calibration;
import torrefy.model.plan.CheckpointCost;
import torrefy.model.plan.MemoryPlan;
import torrefy.model.plan.StepSetup;
import torrefy.model.training.Batches;
import torrefy.model.training.DivergenceException;
import torrefy.model.training.DivergenceGuard;
import torrefy.model.training.ProcessMemory;
import torrefy.model.training.RunLength;
import torrefy.model.training.TokenSource;
import torrefy.model.training.Trainer;
import torrefy.model.training.TrainingSettings;
import torrefy.model.training.TrainingState;
import torrefy.tokenizer.Tokenizer;

/// The whole road once: text is collected, cleaned and tokenized ([PreparedText]), a model is trained on it ([Progress]
/// shows how), evaluated on text it never saw, and saved ([RunFolder]).
public final class Quickstart {

    /// Held-out tokens looked at now and then while training; all of them at the end.
    private static final int TOKENS_TO_GLANCE_AT = 8192;

    /// Samples, the picture, the files, and stopping a step late take about this long.
    private static final Duration FOR_THE_END = Duration.ofSeconds(3);

    private static final int FINAL_SAMPLE_TOKENS = 100;

    /// What a run loads and compiles from its first step on, to train, to write samples and to draw: measured, 25 to 35
    /// MB. What it takes before is known by then.
    private static final long LATER_BYTES = 30_000_000;

    private final QuickstartOptions asked;
    private final Backend backend;
    private final Calibration calibration;
    private final String goOn;
    private final RunClock clock = RunClock.ofThisProcess();

    /// @param calibration what is known of the machine, by which sizes are chosen
    /// @param goOn the command by which the user goes on with this run when it was interrupted
    public Quickstart(QuickstartOptions options, Backend backend, Calibration calibration, String goOn) {
        this.asked = options;
        this.backend = backend;
        this.calibration = calibration;
        this.goOn = goOn;
    }

    /// How to train within the memory there is: as asked, or with the knobs turned that this takes. Sizes that are to
    /// be chosen are those for a text that does not end.
    ///
    /// @throws IllegalArgumentException if nothing makes it fit
    /// @throws IOException if the corpus was built and cannot be read
    public MemoryPlan plan() throws IOException {
        int vocabulary = BuiltCorpus.in(asked.corpus())
                .map(built -> built.tokenizer().vocabularySize())
                .orElse(asked.model().vocabulary());
        return fitting(asked.choosesSizes() ? asked.with(choose(vocabulary, Long.MAX_VALUE)) : asked, vocabulary);
    }

    private MemoryPlan fitting(QuickstartOptions options, int vocabulary) {
        StepSetup wanted = new StepSetup(
                options.model().config(vocabulary),
                options.storage(),
                options.batch(),
                1,
                options.context(),
                options.recompute());
        return MemoryPlan.fit(wanted, backend.memory());
    }

    /// The most that this process will have held when the model was trained and saved: of the text, what it has read by
    /// now. Empty if the garbage collector has no bound, or the system does not tell.
    public OptionalLong residentBytes(MemoryPlan plan) {
        // What read and cleaned the text is garbage now: its room is the model's.
        long checkpoint =
                CheckpointCost.runBytes(plan.setup().config(), plan.setup().storage());
        return ProcessMemory.peakWith(plan.memory().stepBytes() + checkpoint + LATER_BYTES);
    }

    private ChosenSizes choose(int vocabulary, long tokens) {
        double left = 60 * asked.minutes() - clock.used().plus(FOR_THE_END).toNanos() / 1e9;
        ChosenSizes sizes = ChosenSizes.of(asked, vocabulary, calibration, backend.memory(), tokens, left);
        calibration.keep();
        return sizes;
    }

    /// @return whether the run is over; false if it was interrupted, and can go on
    public boolean run() throws IOException {
        if (!asked.choosesSizes() && !(asked.resume() && asked.namesNoSizes())) {
            // What cannot be is refused before anything is read.
            fitting(asked, asked.model().vocabulary());
        }
        double peak = backend.measurePeak(Duration.ofMillis(400));
        System.out.printf(
                Locale.ROOT,
                "%s; measured peak %.0f GFLOP/s; %s%n",
                backend.description(),
                peak / 1e9,
                backend.memory().description());
        RunLock lock = RunLock.of(asked.out());
        try {
            return run(peak);
        } finally {
            lock.close();
        }
    }

    private boolean run(double peak) throws IOException {
        RunFolder folder =
                asked.resume() ? RunFolder.resume(asked.out()) : RunFolder.create(asked.out(), asked.overwrite());
        System.out.println("everything goes to " + folder.path());
        PreparedText text = PreparedText.prepare(asked, folder, backend.threads());
        try (TokenShard training = TokenShard.open(folder.trainShard());
                TokenShard validation = TokenShard.open(folder.validationShard())) {
            int vocabulary = text.tokenizer().vocabularySize();
            QuickstartOptions options = sized(folder, vocabulary, training.length());
            return train(options, folder, text, fitting(options, vocabulary), training, validation, peak);
        }
    }

    /// What was asked, with the sizes that were chosen when the run began, or are now. A run that goes on keeps its
    /// sizes, whether its length was then, or is now, a time or a number of steps.
    private QuickstartOptions sized(RunFolder folder, int vocabulary, long tokens) throws IOException {
        if (asked.resume() && asked.namesNoSizes()) {
            Optional<ChosenSizes> before = ChosenSizes.read(folder);
            if (before.isPresent() || !folder.checkpoints().newestFirst().isEmpty()) {
                return before.map(asked::with).orElse(asked);
            }
        }
        if (!asked.choosesSizes()) {
            return asked;
        }
        ChosenSizes sizes = choose(vocabulary, tokens);
        sizes.write(folder);
        return asked.with(sizes);
    }

    private boolean train(
            QuickstartOptions options,
            RunFolder folder,
            PreparedText text,
            MemoryPlan plan,
            TokenShard training,
            TokenShard validation,
            double peak)
            throws IOException {
        Tokenizer tokenizer = text.tokenizer();
        StepSetup setup = plan.setup();
        TransformerConfig config = setup.config();
        if (!plan.turned().isEmpty()) {
            System.out.println(plan.description());
        }
        Batches batches = new Batches(TokenSource.of(training), setup.sequences(), setup.length(), options.seed());
        System.out.println(description(config, setup.tokens()));
        System.out.println(plan.memory().description(residentBytes(plan)));
        Transformer model = options.model().build(config, backend, options.seed(), setup.storage());
        Arena arena = new Arena(backend::allocate);
        arena.reserve(plan.memory().arena());
        Evaluator evaluator = new Evaluator(
                model,
                setup.sequences(),
                setup.length(),
                setup.length(),
                arena,
                documentStart(options.withinDocuments(), tokenizer));
        Writing writing = new Writing(model, tokenizer, new Sampler(0.8, 0, 0.95), options.seed());
        LossCurve curve = new LossCurve();
        try (Continuation from = Continuation.of(folder, options.resume())) {
            clock.beginTraining(from.notes());
            RunLength length = options.steps() != null
                    ? RunLength.steps(options.steps())
                    : new RunLength.Until(clock.trainingStart(), deadline(evaluator, validation));
            Trainer trainer = new Trainer(
                    model,
                    settings(options, length, setup)
                            .withDocumentStart(documentStart(options.withinDocuments(), tokenizer)),
                    arena);
            RunFacts facts = facts(trainer, batches, folder);
            TrainingState state = from.restore(trainer, facts);
            curve.add(from.metrics());
            try (MetricsFile metrics = new MetricsFile(folder.metrics(), from.metrics());
                    Saving saving =
                            new Saving(folder, options.checkpointEvery(), trainer, facts, clock, metrics, goOn)) {
                metrics.add(from.event());
                boolean isOver = Interruption.after(trainer::stop, () -> {
                    Progress progress = new Progress(
                            model,
                            evaluator,
                            training,
                            validation,
                            TOKENS_TO_GLANCE_AT,
                            writing,
                            text.prompts().get(0),
                            folder,
                            tokenizer,
                            peak,
                            setup.tokens(),
                            state,
                            metrics,
                            curve,
                            saving);
                    boolean over = trainer.train(batches, state, progress);
                    saving.finish(over);
                    return over;
                });
                if (!isOver) {
                    return false;
                }
                if (trainer.state().skipped() > 0) {
                    System.out.println(trainer.state().skipped() + " of "
                            + trainer.state().step() + " steps were left out; metrics.jsonl says which");
                }
            }
        } catch (DivergenceException e) {
            folder.saveModel(model, tokenizer);
            System.out.println("the last good weights are in " + folder.path());
            throw e;
        }

        folder.saveModel(model, tokenizer);
        Evaluation evaluation = evaluator.evaluate(TokenSource.of(validation), text.validationBytes());
        curve.write(folder.lossCurve(), "Torrefy quickstart");
        report(folder, text, evaluation, writing);
        return true;
    }

    /// As one argument of a command line between single quotes, whatever spaces are in it.
    public static String quoted(String argument) {
        return argument.matches(".*\\s.*") ? '"' + argument + '"' : argument;
    }

    private static String description(TransformerConfig config, int tokensPerStep) {
        boolean shared = config.keyValueHeads() < config.heads();
        return String.format(
                Locale.ROOT,
                "%s with %,d parameters: %d layers, %d heads%s, width %d, context %d; %d tokens a step",
                config.positions() instanceof Positions.Rotary ? "Llama" : "GPT",
                config.parameters(),
                config.layers(),
                config.heads(),
                shared ? " that share " + config.keyValueHeads() + " of keys and values" : "",
                config.width(),
                config.context(),
                tokensPerStep);
    }

    /// Where attention stops: a document begins with the mark that ends the one before it.
    public static int documentStart(boolean withinDocuments, Tokenizer tokenizer) {
        return withinDocuments ? tokenizer.endOfText() : TrainingSettings.ACROSS_DOCUMENTS;
    }

    /// What may not change when the run goes on, and what may.
    private RunFacts facts(Trainer trainer, Batches batches, RunFolder folder) throws IOException {
        return RunFacts.of(trainer, batches)
                .withFixed("tokenizer.sha256", FileHash.sha256(folder.tokenizer()))
                .withFixed("corpus.sha256", FileHash.sha256(folder.trainShard()))
                .withFree("length", asked.length());
    }

    /// A step sees few tokens, so its gradient is noisy: the optimizer averages squares over a hundred steps (β₂ 0.99),
    /// and the learning rate takes a tenth of the run to rise.
    private static TrainingSettings settings(QuickstartOptions options, RunLength length, StepSetup setup) {
        return new TrainingSettings(
                length,
                new Schedule(options.highestRate(), 0.1f, 0.1f),
                new AdamW.Settings(0.9f, 0.99f, 1e-8f, 0.1f),
                1.0,
                setup.accumulation(),
                options.seed(),
                setup.recompute(),
                DivergenceGuard.generous(),
                TrainingSettings.ACROSS_DOCUMENTS);
    }

    /// When training must end so that what comes after it is done in time.
    private long deadline(Evaluator evaluator, TokenShard validation) {
        TokenSource source = TokenSource.of(validation);
        evaluator.evaluate(source, 1, TOKENS_TO_GLANCE_AT);
        long start = System.nanoTime();
        evaluator.evaluate(source, 1, TOKENS_TO_GLANCE_AT);
        double perToken = (double) (System.nanoTime() - start) / Math.min(TOKENS_TO_GLANCE_AT, validation.length());
        long evaluation = (long) (perToken * validation.length());
        long total = (long) (asked.minutes() * 60e9);
        return clock.start() + total - evaluation - FOR_THE_END.toNanos();
    }

    private void report(RunFolder folder, PreparedText text, Evaluation evaluation, Writing writing) {
        System.out.printf(
                Locale.ROOT,
                "%non %,d held-out bytes: loss %.3f nats a token, perplexity %.1f, %.3f bits a byte; gzip -9 needs %.3f%n",
                evaluation.bytes(),
                evaluation.loss(),
                evaluation.perplexity(),
                evaluation.bitsPerByte(),
                text.gzipBitsPerByte());
        for (String prompt : text.prompts()) {
            System.out.println();
            System.out.println("── " + prompt + " …");
            System.out.println(writing.sample(prompt, FINAL_SAMPLE_TOKENS));
        }
        System.out.printf(
                Locale.ROOT,
                "%nsaved to %s in %d s altogether. Next:%n",
                folder.path(),
                clock.used().toSeconds());
        String run = quoted(folder.path().toString());
        String prompt = asked.corpus() == null ? "public static" : "The";
        System.out.println(
                "  mvn -q compile exec:exec -Dargs='generate --run " + run + " --prompt \"" + prompt + "\"'");
        System.out.println("  mvn -q compile exec:exec -Dargs='evaluate --run " + run + " --corpus PATH'");
        String corpus = asked.corpus() == null
                ? ""
                : " --corpus " + quoted(asked.corpus().toString());
        System.out.println("  mvn -q compile exec:exec -Dargs='quickstart --minutes 30" + corpus + "'");
    }
}
