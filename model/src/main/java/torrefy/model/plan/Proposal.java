package torrefy.model.plan;

import java.util.Locale;
import java.util.Optional;
import torrefy.model.architecture.Storage;
import torrefy.model.architecture.TransformerConfig;

/// The model that a budget is best spent on.
///
/// Of all [sizes][ModelSizes] that fit into memory, each is given the tokens that it gets through in the time, and
/// the law says what loss that leads to: small models are done learning, large ones have hardly begun, and between
/// them lies the best.
///
/// @param plan of the steps, with the knobs that memory made necessary
/// @param tokens to train on
/// @param tokensPerSecond that were expected
/// @param loss predicted
public record Proposal(MemoryPlan plan, double tokens, double tokensPerSecond, LossModel.Prediction loss) {

    /// What recomputation leaves of the speed: it adds one forward to a forward and a backward of twice as much.
    private static final double RECOMPUTED = 3.0 / 4;

    /// The best for a budget.
    ///
    /// @throws IllegalArgumentException if the budget is too small for the smallest; the message says what that needs
    public static Proposal of(Budget budget, ModelSizes sizes, SpeedCurve speed, LossModel law) {
        return best(budget, sizes, speed, law).orElseThrow(() -> tooSmall(budget, sizes, speed, law));
    }

    /// The best for a budget, or the smallest there is if the time is too short for any.
    ///
    /// @throws IllegalArgumentException if the memory is; the message says what the smallest needs
    public static Proposal orSmallest(Budget budget, ModelSizes sizes, SpeedCurve speed, LossModel law) {
        return best(budget, sizes, speed, law)
                .or(() -> candidate(sizes.smallest(), budget, speed, law))
                .orElseThrow(() -> tooSmall(budget, sizes, speed, law));
    }

    private static Optional<Proposal> best(Budget budget, ModelSizes sizes, SpeedCurve speed, LossModel law) {
        // A size that has to be recomputed is slower, and the next, stored as bf16, is not: the loss may rise and fall
        // again. Memory and the time of a step only rise.
        return sizes.all().stream()
                .map(config -> candidate(config, budget, speed, law).filter(Proposal::isLongEnough))
                .takeWhile(Optional::isPresent)
                .flatMap(Optional::stream)
                .reduce((best, next) -> budget.hasTime() && best.loss.nats() <= next.loss.nats() ? best : next);
    }

    private boolean isLongEnough() {
        return tokens >= (double) ModelSizes.FEWEST_STEPS * plan.setup().tokens();
    }

    /// A model as the budget would train it; empty if it does not fit.
    static Optional<Proposal> candidate(TransformerConfig config, Budget budget, SpeedCurve speed, LossModel law) {
        double tokens = budget.hasTime()
                ? speed.tokensPerSecond(config.flopsPerToken()) * budget.seconds()
                : bestTokens(config.parameters(), law.law());
        MemoryPlan plan;
        try {
            plan = MemoryPlan.fit(wanted(config, tokens), budget.memory());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        double rate = rate(plan.setup(), speed);
        tokens = budget.hasTime() ? rate * budget.seconds() : tokens;
        return Optional.of(new Proposal(plan, tokens, rate, law.predict(config.parameters(), tokens)));
    }

    /// Tokens a second.
    private static double rate(StepSetup setup, SpeedCurve speed) {
        return speed.tokensPerSecond(setup.config().flopsPerToken()) * (setup.recompute() ? RECOMPUTED : 1);
    }

    /// Runs that are few or short may show no effect of size, or none of text: then those of the published law.
    private static double bestTokens(double parameters, ScalingLaw law) {
        return (law.a() > 0 && law.b() > 0 ? law : ScalingLaw.BESIROGLU).bestTokens(parameters);
    }

    private static StepSetup wanted(TransformerConfig config, double tokens) {
        int sequences = ModelSizes.stepSequences(config.context(), tokens);
        int micro = Math.min(sequences, Integer.highestOneBit(ModelSizes.microBatch(config.context())));
        return new StepSetup(config, Storage.F32, micro, sequences / micro, config.context(), false);
    }

    private static IllegalArgumentException tooSmall(Budget budget, ModelSizes sizes, SpeedCurve speed, LossModel law) {
        TransformerConfig smallest = sizes.smallest();
        // Throws with the heap that would do, if it is memory that is short.
        MemoryPlan plan = MemoryPlan.fit(wanted(smallest, 0), budget.memory());
        double rate = rate(plan.setup(), speed);
        return new IllegalArgumentException(String.format(
                Locale.ROOT,
                "%s is too little: the smallest model proposed here, of %,d parameters, needs %s for the %d steps below"
                        + " which nothing is learned",
                budget.words(),
                smallest.parameters(),
                budget.inWords(ModelSizes.FEWEST_STEPS * plan.setup().tokens() / rate),
                ModelSizes.FEWEST_STEPS));
    }

    /// The same model on as many tokens as its steps, measured, get through in the time: whole steps, one at least.
    public Proposal measured(double measuredTokensPerSecond, Budget budget, LossModel law) {
        double stepTokens = plan.setup().tokens();
        double steps = Math.max(1, Math.floor(measuredTokensPerSecond * budget.seconds() / stepTokens));
        double seen = budget.hasTime() ? stepTokens * steps : tokens;
        return new Proposal(
                plan,
                seen,
                measuredTokensPerSecond,
                law.predict(plan.setup().config().parameters(), seen));
    }
}
