package torrefy.model.plan.decision;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The way to go, and why. The rules are asked in order; the first that applies decides.
///
/// 1. What is out of the question is not recommended.
/// 2. If only one way is left, it is that one.
/// 3. If the text changes from week to week, retrieval: weights do not change from week to week.
/// 4. If a model of one's own would be as good as the bought one, pre-training.
/// 5. If there is text enough to change what the bought model knows, continued pre-training.
/// 6. If there is text enough for examples, fine-tuning, with retrieval for the facts.
/// 7. Else retrieval.
///
/// @param way empty if none is possible
/// @param reasons in words, the deciding one first
public record Recommendation(Optional<Way> way, List<String> reasons) {

    public Recommendation {
        reasons = List.copyOf(reasons);
    }

    /// For estimates of all four ways.
    ///
    /// @param asGoodAsBought whether pre-training reaches the loss of the bought model
    public static Recommendation of(List<Estimate> estimates, Circumstances given, boolean asGoodAsBought) {
        List<String> excluded = new ArrayList<>();
        List<Way> possible = new ArrayList<>();
        for (Estimate estimate : estimates) {
            if (estimate.isPossible()) {
                possible.add(estimate.way());
            } else {
                excluded.add("not " + estimate.way().title() + ": " + String.join("; ", estimate.obstacles()));
            }
        }
        Optional<Way> way =
                possible.isEmpty() ? Optional.empty() : Optional.of(choose(possible, given, asGoodAsBought));
        List<String> reasons = new ArrayList<>();
        reasons.add(
                way.map(chosen -> reason(chosen, possible, given, asGoodAsBought))
                        .orElse(
                                "none of the four is possible with these numbers; the obstacles say what would have to change"));
        if (way.equals(Optional.of(Way.PRE_TRAINING)) && !asGoodAsBought) {
            reasons.add("a model of your own would be worse than the bought one: both losses stand under pre-training");
        }
        if (given.isPrivate() && way.isPresent()) {
            reasons.add(
                    "the text may not leave the house: the weights must lie there too, open ones, on a machine of your"
                            + " own that trains as well as answers; a model behind an interface is no choice, and a"
                            + " hired machine is none either. What one of your own costs, --hardware says");
        }
        reasons.addAll(excluded);
        return new Recommendation(way, reasons);
    }

    private static Way choose(List<Way> possible, Circumstances given, boolean asGoodAsBought) {
        if (possible.size() == 1) {
            return possible.get(0);
        }
        if (given.textChanges() && possible.contains(Way.RETRIEVAL)) {
            return Way.RETRIEVAL;
        }
        if (asGoodAsBought && possible.contains(Way.PRE_TRAINING)) {
            return Way.PRE_TRAINING;
        }
        for (Way next : List.of(Way.CONTINUED, Way.FINE_TUNING, Way.RETRIEVAL)) {
            if (possible.contains(next)) {
                return next;
            }
        }
        return Way.PRE_TRAINING;
    }

    private static String reason(Way way, List<Way> possible, Circumstances given, boolean asGoodAsBought) {
        if (possible.size() == 1) {
            return way.title() + " is the only way that nothing speaks against";
        }
        return switch (way) {
            case PRE_TRAINING -> "a model of your own would be as good as the bought one";
            case CONTINUED ->
                "there is text enough to change what a bought model knows"
                        + (asGoodAsBought ? "" : ", and a model of your own would be worse");
            case FINE_TUNING ->
                "there is text enough for examples, "
                        + (given.ownTokens() < Estimates.FEWEST_TOKENS_TO_CONTINUE
                                ? "too little to change what a bought model knows"
                                : "but reading all of it is out of the question")
                        + "; add retrieval for the facts";
            case RETRIEVAL -> {
                if (given.textChanges()) {
                    yield "the text changes from week to week, and weights do not";
                }
                yield (given.ownTokens() < Estimates.FEWEST_TOKENS_TO_TUNE
                                ? "there is too little text to train on"
                                : "to train a bought model is out of the question")
                        + ", but every passage of the text can be shown to one";
            }
        };
    }
}
