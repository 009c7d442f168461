package torrefy.model.plan.decision;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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

    /// 1,000 chosen examples were enough to give a model its manner: Zhou et al., "LIMA", arXiv 2305.11206. At some 250
    /// tokens each.
    static final double FEWEST_TOKENS_TO_TUNE = 250_000;

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

    private final Circumstances given;
    private final Hardware hardware;
    private final LossModel law;

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
        addLatency(obstacles, parameters);
        addMoney(obstacles, hardware.dollars(flops));
        return new Estimate(
                Way.PRE_TRAINING,
                hardware.dollars(flops),
                machines(TRAINING_BYTES * parameters),
                hardware.hours(flops),
                text(
                        "%s tokens for %s parameters; a text counts up to four times (arXiv 2305.16264)",
                        tokens, parameters),
                List.of(
                        text(
                                "6·N·D = 6 · %s · %s = %s FLOPs (Kaplan et al., arXiv 2001.08361)",
                                parameters, tokens, flops),
                        text("%s (%s)", law.law().formula(), law.law().source()),
                        String.format(
                                Locale.ROOT,
                                "loss %.2f nats a token, from %.2f to %.2f; a bought model of %s"
                                        + " parameters, trained on 2 trillion tokens (Llama 2, arXiv 2307.09288), %.2f",
                                loss.nats(),
                                loss.low(),
                                loss.high(),
                                number(given.bought()),
                                boughtLoss())),
                obstacles);
    }

    /// The largest model that money and text are enough for.
    private double parametersToTrain() {
        return largest(given.dollars(), USEFUL_EPOCHS * given.ownTokens());
    }

    /// By halving, because more parameters want more of both.
    private double largest(double dollars, double tokens) {
        double low = SMALLEST_PARAMETERS;
        double high = 1e13;
        for (int i = 0; i < 100; i++) {
            double middle = Math.sqrt(low * high);
            double wanted = law.law().bestTokens(middle);
            boolean enough = 6 * middle * wanted <= hardware.flops(dollars) && wanted <= tokens;
            low = enough ? middle : low;
            high = enough ? high : middle;
        }
        return low;
    }

    /// The loss of the best model of one's own for so many dollars, if there were text enough.
    public LossModel.Prediction lossFor(double dollars) {
        double parameters = largest(dollars, Double.POSITIVE_INFINITY);
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
        double tokens = Math.max(1, given.ownTokens());
        double flops = 6 * given.bought() * tokens;
        List<String> obstacles = new ArrayList<>();
        if (given.ownTokens() < FEWEST_TOKENS_TO_CONTINUE) {
            obstacles.add(text(
                    "%s tokens change too little in a model that saw trillions: worth trying from %s",
                    given.ownTokens(), FEWEST_TOKENS_TO_CONTINUE));
        }
        addBought(obstacles);
        addMoney(obstacles, hardware.dollars(flops));
        return new Estimate(
                Way.CONTINUED,
                hardware.dollars(flops),
                machines(TRAINING_BYTES * given.bought()),
                hardware.hours(flops),
                text("from %s tokens of running text", FEWEST_TOKENS_TO_CONTINUE),
                List.of(
                        text("6·N·D = 6 · %s · %s = %s FLOPs", given.bought(), tokens, flops),
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
        addMoney(obstacles, hardware.dollars(flops));
        return new Estimate(
                Way.FINE_TUNING,
                hardware.dollars(flops),
                machines(STORED_BYTES * given.bought()),
                hardware.hours(flops),
                "about 1,000 examples of question and answer, chosen with care (LIMA, arXiv 2305.11206)",
                List.of(text(
                        "4·N·D = 4 · %s · %s = %s FLOPs: forward and backward through frozen weights, which need no"
                                + " gradients of their own (LoRA, arXiv 2106.09685)",
                        given.bought(), tokens, flops)),
                obstacles);
    }

    private Estimate retrieval() {
        double flops = 2 * RETRIEVER_PARAMETERS * Math.max(1, given.ownTokens());
        List<String> obstacles = new ArrayList<>();
        addBought(obstacles);
        addMoney(obstacles, hardware.dollars(flops));
        return new Estimate(
                Way.RETRIEVAL,
                hardware.dollars(flops),
                machines(STORED_BYTES * given.bought()),
                hardware.hours(flops),
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
        addLatency(obstacles, given.bought());
    }

    /// A token is written no faster than all weights are read: `2·N / bandwidth`, over the machines that hold them.
    private void addLatency(List<String> obstacles, double parameters) {
        double bytes = STORED_BYTES * parameters;
        double seconds = bytes / hardware.bandwidth() / machines(bytes);
        if (seconds > given.latencySeconds()) {
            obstacles.add(String.format(
                    Locale.ROOT,
                    "a token takes %.1f ms, 2·N bytes at the memory's bandwidth, and may take %.1f",
                    1e3 * seconds,
                    1e3 * given.latencySeconds()));
        }
    }

    private void addMoney(List<String> obstacles, double dollars) {
        if (dollars > given.dollars()) {
            obstacles.add(
                    String.format(Locale.ROOT, "it costs $%,.2f, and there are $%,.2f", dollars, given.dollars()));
        }
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

    /// 7 billion, 250 thousand
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
        return String.format(Locale.ROOT, "%.3g", left) + names[power];
    }

    /// Machine hours, few of them in two digits.
    static String hours(double value) {
        return String.format(Locale.ROOT, value < 1 ? "%.2g" : "%,.1f", value);
    }
}
