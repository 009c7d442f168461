package torrefy.model.plan.decision;

/// What the user has and needs.
///
/// @param ownTokens of text of one's own
/// @param dollars to spend once
/// @param isPrivate whether the text may not leave the house: then no model behind somebody else's interface will do
/// @param ownLicence whether the model must be free of anybody else's terms
/// @param latencySeconds the most that one token of an answer may take
/// @param textChanges whether what the model is to know changes from week to week
/// @param bought parameters of the open model that would be bought or downloaded
/// @param machines to train on
public record Circumstances(
        double ownTokens,
        double dollars,
        boolean isPrivate,
        boolean ownLicence,
        double latencySeconds,
        boolean textChanges,
        double bought,
        Machines machines) {

    public Circumstances {
        if (!(ownTokens >= 0 && dollars >= 0 && latencySeconds > 0 && bought > 0)
                || !Double.isFinite(ownTokens + dollars + latencySeconds + bought)) {
            throw new IllegalArgumentException("tokens and dollars must not be negative, latency and the bought model's"
                    + " parameters above 0, all of them finite; got " + ownTokens + ", " + dollars + ", "
                    + latencySeconds + ", " + bought);
        }
    }
}
