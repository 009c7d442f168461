package torrefy.model.plan.decision;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoublePredicate;
import torrefy.model.plan.LossModel;
import torrefy.model.plan.PublishedLaws;
import torrefy.model.plan.ScalingLaw;

/// The four ways in numbers.
public final class Estimates {

    /// Repeating a text up to four times is nearly as good as four times the text: Muennighoff et al., "Scaling
    /// data-constrained language models", arXiv 2305.16264, section 6.
    static final int USEFUL_EPOCHS = 4;

    /// Below this a law for language models says nothing: it is a book.
    static final double FEWEST_TOKENS_TO_LEARN_LANGUAGE = 1e8;

    /// Domains of Gururangan et al., "Don't stop pretraining", arXiv 2004.10964, table 1, had 2 to 8 billion tokens. A
    /// tenth of the smaller is where this report begins to call it worth trying: a judgement, not a measurement.
    static final double FEWEST_TOKENS_TO_CONTINUE = 2e8;

    /// 1,000 chosen examples of some 750 tokens each were enough to give a model its manner: Zhou et al., "LIMA", arXiv
    /// 2305.11206, section 2.
    static final double FEWEST_TOKENS_TO_TUNE = 750_000;

    /// More than so many are no longer examples.
    private static final double MOST_TOKENS_TO_TUNE = 50e6;

    private static final int TUNING_EPOCHS = 3;

    /// BERT's smaller size, by which most retrievers turn passages to vectors: Karpukhin et al., arXiv 2004.04906.
    private static final double RETRIEVER_PARAMETERS = 110e6;

    /// Weights and gradients in 2 bytes each, and in 4 each AdamW's moments and a copy of the weights: Rajbhandari et
    /// al., "ZeRO", arXiv 1910.02054, section 3.1.
    private static final double TRAINING_BYTES = 16;

    private static final double STORED_BYTES = 2;

    private static final double SMALLEST_PARAMETERS = 1e5;

    /// To a number that is easily typed.
    private static final MathContext ROUNDED_DOWN = new MathContext(2, RoundingMode.DOWN);

    private final Circumstances given;
    private final Hardware hardware;
    private final LossModel law;

    /// @param hardware with all that an hour of it costs
    public Estimates(Circumstances given, Hardware hardware) {
        this.given = given;
        this.hardware = hardware;
        this.law = new PublishedLaws();
    }

    /// Pre-training, continued pre-training, fine-tuning, retrieval.
    public List<Estimate> all() {
        return List.of(preTraining(), continued(), fineTuning(), retrieval());
    }

    /// The model that the money is best spent on, if there is text enough: where `6·N·D` FLOPs are bought and a little
    /// more of N or of D is worth the same.
    private Estimate preTraining() {
        double parameters = parametersToTrain();
        double tokens = law.law().bestTokens(parameters);
        LossModel.Prediction loss = law.predict(parameters, tokens);
        double flops = 6 * parameters * tokens;
        List<String> obstacles = new ArrayList<>();
        if (given.ownTokens() < FEWEST_TOKENS_TO_LEARN_LANGUAGE) {
            obstacles.add(text(
                    "%s tokens are too few to learn a language from: at least %s",
                    given.ownTokens(), FEWEST_TOKENS_TO_LEARN_LANGUAGE));
        }
        if (!isQuickEnough(parameters)) {
            obstacles.add(slowness(parameters));
        }
        return estimate(
                Way.PRE_TRAINING,
                flops,
                TRAINING_BYTES * parameters,
                parameters,
                text(
                        "%s tokens for %s parameters; a text counts up to four times (arXiv 2305.16264)",
                        tokens, parameters),
                List.of(
                        text(
                                "6·N·D = 6 · %s · %s = %s FLOPs (Kaplan et al., arXiv 2001.08361)",
                                parameters, tokens, flops),
                        limit(parameters),
                        text(
                                "%s (%s; of web text in a vocabulary of 32,000: of yours both losses differ)",
                                law.law().formula(), law.law().source()),
                        String.format(
                                Locale.ROOT,
                                "loss %.2f nats a token, from %.2f to %.2f; a bought model of %s"
                                        + " parameters, trained on 2 trillion tokens (Llama 2, arXiv 2307.09288), %.2f",
                                loss.nats(),
                                loss.low(),
                                loss.high(),
                                number(given.bought()),
                                boughtLoss()),
                        whereItIsAsGood()),
                obstacles);
    }

    /// The largest model that text, money, time, machines and the latency are enough for.
    private double parametersToTrain() {
        return largest(parameters -> hasTextFor(parameters)
                && hasMoneyFor(flopsToTrain(parameters))
                && hasHoursFor(flopsToTrain(parameters))
                && hasMachinesFor(TRAINING_BYTES * parameters)
                && isQuickEnough(parameters));
    }

    /// By halving, because more parameters want more of everything.
    private static double largest(DoublePredicate isEnoughFor) {
        double low = SMALLEST_PARAMETERS;
        double high = 1e13;
        for (int i = 0; i < 100; i++) {
            double middle = Math.sqrt(low * high);
            boolean enough = isEnoughFor.test(middle);
            low = enough ? middle : low;
            high = enough ? high : middle;
        }
        return low;
    }

    /// What it would take to reach the bought model's loss, in words.
    private String whereItIsAsGood() {
        double parameters = largest(
                smaller -> law.predict(smaller, law.law().bestTokens(smaller)).nats() > boughtLoss());
        double flops = flopsToTrain(parameters);
        return text(
                "as good as that from %s parameters and %s tokens on: %s machine hours, %s",
                parameters,
                law.law().bestTokens(parameters),
                hours(hardware.hours(flops)),
                DecisionReport.dollars(hardware.dollars(flops)));
    }

    private double flopsToTrain(double parameters) {
        return 6 * parameters * law.law().bestTokens(parameters);
    }

    /// What keeps the model from being larger, in words.
    private String limit(double parameters) {
        double larger = 1.001 * parameters;
        if (!hasTextFor(larger)) {
            return "its size is limited by the text: more parameters on the same text gain little (arXiv 2305.16264)";
        }
        String what;
        if (!hasMoneyFor(flopsToTrain(larger))) {
            what = "the money";
        } else if (!hasHoursFor(flopsToTrain(larger))) {
            what = "the machine hours that there are";
        } else if (!hasMachinesFor(TRAINING_BYTES * larger)) {
            what = text("the machines' memory, at %s bytes a parameter (ZeRO, arXiv 1910.02054)", TRAINING_BYTES);
        } else {
            what = "the time that a token of an answer may take";
        }
        return "its size is limited by " + what;
    }

    private boolean hasTextFor(double parameters) {
        return law.law().bestTokens(parameters) <= USEFUL_EPOCHS * given.ownTokens();
    }

    private boolean hasMoneyFor(double flops) {
        return flops <= hardware.flops(given.dollars());
    }

    private boolean hasHoursFor(double flops) {
        return flops <= hardware.flopsIn(given.machines().allHours());
    }

    private boolean hasMachinesFor(double bytes) {
        return machines(bytes) <= given.machines().count();
    }

    private boolean isQuickEnough(double parameters) {
        return tokenSeconds(parameters) <= given.latencySeconds();
    }

    /// Whether the hardware costs nothing, so that hours are what is spent.
    public boolean isFree() {
        return hardware.pricePerHour() == 0;
    }

    /// The loss of the best model of one's own, if there were text enough.
    ///
    /// @param spent dollars, or machine hours if they are free
    public LossModel.Prediction lossFor(double spent) {
        double flops = isFree() ? hardware.flopsIn(spent) : hardware.flops(spent);
        double parameters = largest(candidate -> flopsToTrain(candidate) <= flops);
        return law.predict(parameters, law.law().bestTokens(parameters));
    }

    /// Whether pre-training reaches the bought model's loss.
    public boolean isAsGoodAsBought() {
        double parameters = parametersToTrain();
        return law.predict(parameters, law.law().bestTokens(parameters)).nats() <= boughtLoss();
    }

    /// What the law says of the bought model.
    public double boughtLoss() {
        return ScalingLaw.BESIROGLU.loss(given.bought(), 2e12);
    }

    private Estimate continued() {
        double flops = 6 * given.bought() * given.ownTokens();
        List<String> obstacles = new ArrayList<>();
        if (given.ownTokens() < FEWEST_TOKENS_TO_CONTINUE) {
            obstacles.add(text(
                    "%s tokens change too little in a model that saw trillions: worth trying from %s",
                    given.ownTokens(), FEWEST_TOKENS_TO_CONTINUE));
        }
        addBought(obstacles);
        return estimate(
                Way.CONTINUED,
                flops,
                TRAINING_BYTES * given.bought(),
                given.bought(),
                text("from %s tokens of running text", FEWEST_TOKENS_TO_CONTINUE),
                List.of(
                        text("6·N·D = 6 · %s · %s = %s FLOPs", given.bought(), given.ownTokens(), flops),
                        text(
                                "memory %s bytes a parameter (ZeRO, arXiv 1910.02054): %s bytes",
                                TRAINING_BYTES, TRAINING_BYTES * given.bought()),
                        "gains for domains of 2 to 8 billion tokens in Gururangan et al., arXiv 2004.10964"),
                obstacles);
    }

    private Estimate fineTuning() {
        double tokens = TUNING_EPOCHS * Math.clamp(given.ownTokens(), FEWEST_TOKENS_TO_TUNE, MOST_TOKENS_TO_TUNE);
        double flops = 4 * given.bought() * tokens;
        List<String> obstacles = new ArrayList<>();
        if (given.ownTokens() < FEWEST_TOKENS_TO_TUNE) {
            obstacles.add(text(
                    "%s tokens hold too few examples: about 1,000, or %s tokens",
                    given.ownTokens(), FEWEST_TOKENS_TO_TUNE));
        }
        addBought(obstacles);
        return estimate(
                Way.FINE_TUNING,
                flops,
                STORED_BYTES * given.bought(),
                given.bought(),
                "about 1,000 examples of question and answer, chosen with care (LIMA, arXiv 2305.11206)",
                List.of(text(
                        "4·N·D = 4 · %s · %s = %s FLOPs, of at most %s tokens read %s times: forward and backward"
                                + " through frozen weights, which need no gradients of their own (LoRA, arXiv"
                                + " 2106.09685)",
                        given.bought(), tokens, flops, MOST_TOKENS_TO_TUNE, TUNING_EPOCHS)),
                obstacles);
    }

    private Estimate retrieval() {
        double flops = 2 * RETRIEVER_PARAMETERS * given.ownTokens();
        List<String> obstacles = new ArrayList<>();
        if (given.ownTokens() < 1) {
            obstacles.add("there is no text to search");
        }
        addBought(obstacles);
        return estimate(
                Way.RETRIEVAL,
                flops,
                STORED_BYTES * given.bought(),
                given.bought(),
                "any amount, as it is",
                List.of(
                        text(
                                "2·N·D = 2 · %s · %s = %s FLOPs to index (DPR, arXiv 2004.04906)",
                                RETRIEVER_PARAMETERS, given.ownTokens(), flops),
                        text(
                                "then 2·N = %s FLOPs for every token that is read or written (Lewis et al., arXiv"
                                        + " 2005.11401, is where the passages come in)",
                                2 * given.bought())),
                obstacles);
    }

    private void addBought(List<String> obstacles) {
        if (given.ownLicence()) {
            obstacles.add("a bought model comes with its maker's terms");
        }
        if (!isQuickEnough(given.bought())) {
            double quick = 0.999 * given.latencySeconds() * hardware.bandwidth() / STORED_BYTES;
            double rounded = new BigDecimal(quick).round(ROUNDED_DOWN).doubleValue();
            obstacles.add(slowness(given.bought())
                    + text(
                            ": a bought model of %s parameters (--bought %s) would be quick enough",
                            rounded, "" + rounded));
        }
    }

    private String slowness(double parameters) {
        return text(
                "a token takes %s ms and may take %s", 1e3 * tokenSeconds(parameters), 1e3 * given.latencySeconds());
    }

    /// A token is written no faster than all weights are read: `2·N / bandwidth`, over the machines that hold them.
    private double tokenSeconds(double parameters) {
        double bytes = STORED_BYTES * parameters;
        return bytes / hardware.bandwidth() / machines(bytes);
    }

    /// With what every way may lack, and the formula that every way has.
    ///
    /// @param bytes that all machines must hold together
    /// @param parameters of the model that answers
    private Estimate estimate(
            Way way,
            double flops,
            double bytes,
            double parameters,
            String needs,
            List<String> formulas,
            List<String> obstacles) {
        if (!hasMoneyFor(flops)) {
            obstacles.add(String.format(
                    "it costs %s, and there are %s",
                    DecisionReport.dollars(hardware.dollars(flops)), DecisionReport.dollars(given.dollars())));
        }
        if (!hasHoursFor(flops)) {
            obstacles.add(String.format(
                    "it takes %s machine hours, and there are %s",
                    hours(hardware.hours(flops)), hours(given.machines().allHours())));
        }
        if (!hasMachinesFor(bytes)) {
            obstacles.add(text(
                    "its %s bytes take %s machines at once, and there are %s",
                    bytes, machines(bytes), given.machines().count()));
        }
        List<String> all = new ArrayList<>(formulas);
        all.add(text(
                "a token of an answer takes at least 2·N / bandwidth = %s ms on %s",
                milliseconds(tokenSeconds(parameters)), count(machines(STORED_BYTES * parameters))));
        double hours = hardware.hours(flops);
        return new Estimate(
                way,
                hardware.dollars(flops),
                machines(bytes),
                hours,
                hours * hardware.watts() / 1000,
                tokenSeconds(parameters),
                needs,
                all,
                obstacles);
    }

    /// 1 machine, 2 machines
    static String count(int machines) {
        return String.format(Locale.ROOT, machines == 1 ? "%,d machine" : "%,d machines", machines);
    }

    private int machines(double bytes) {
        return (int) Math.max(1, Math.min(1 << 20, Math.ceil(bytes / hardware.memoryBytes())));
    }

    private static String text(String format, Object... values) {
        Object[] said = new Object[values.length];
        for (int i = 0; i < said.length; i++) {
            said[i] = values[i] instanceof Double value ? number(value) : values[i];
        }
        return String.format(Locale.ROOT, format, said);
    }

    /// 7 billion, 1.25 thousand
    static String number(double value) {
        String[] names = {"", " thousand", " million", " billion", " trillion"};
        int power = 0;
        double left = value;
        while (left >= 999.5 && power < names.length - 1) {
            left /= 1000;
            power++;
        }
        if (left >= 999.5) {
            int exponent = (int) Math.log10(value);
            return String.format(Locale.ROOT, "%.2f·10^%d", value / Math.pow(10, exponent), exponent);
        }
        return digits(left) + names[power];
    }

    /// Three of them, as many as matter here, and all that stand before the point.
    static String digits(double value) {
        MathContext precision = new MathContext(value < 1000 ? 3 : 6);
        return new BigDecimal(value).round(precision).stripTrailingZeros().toPlainString();
    }

    static String milliseconds(double seconds) {
        return seconds < 1e-5 ? "under 0.01" : digits(1e3 * seconds);
    }

    /// Hours: few of them in two digits, many without a fraction.
    static String hours(double value) {
        if (value < 0.01) {
            return value == 0 ? "0" : "under 0.01";
        }
        return String.format(Locale.ROOT, value < 1 ? "%.2g" : value < 100 ? "%,.1f" : "%,.0f", value);
    }
}
