package torrefy.model.plan.decision;

/// The ways to a model that knows one's own text.
public enum Way {
    PRE_TRAINING(
            "pre-training", "a model that is yours from the first weight, and knows what your text holds and no more"),
    CONTINUED(
            "continued pre-training",
            "a bought model that has read your text as it read everything else: it knows its"
                    + " words and facts, and keeps most of what it knew"),
    FINE_TUNING("fine-tuning", "a bought model that answers in your form and manner; it learns few new facts"),
    RETRIEVAL(
            "retrieval",
            "a bought model, unchanged, that is shown the passages of your text that fit a question: it can"
                    + " quote them, and what changes tomorrow is known tomorrow");

    private final String title;
    private final String yields;

    Way(String title, String yields) {
        this.title = title;
        this.yields = yields;
    }

    /// For people.
    public String title() {
        return title;
    }

    /// What one gets.
    public String yields() {
        return yields;
    }
}
