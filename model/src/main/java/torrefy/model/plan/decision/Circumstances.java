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
/// @param machines that there are; [#ANY_NUMBER] if they are hired
/// @param hours that one of them may work at most
/// @param energyPrice dollars for a kilowatt hour that come on top of a machine's price; 0 if they are in it
public record Circumstances(
        double ownTokens,
        double dollars,
        boolean isPrivate,
        boolean ownLicence,
        double latencySeconds,
        boolean textChanges,
        double bought,
        int machines,
        double hours,
        double energyPrice) {

    /// As many machines as it takes.
    public static final int ANY_NUMBER = Integer.MAX_VALUE;

    public Circumstances {
        if (!(ownTokens >= 0 && dollars >= 0 && latencySeconds > 0 && bought > 0)
                || !Double.isFinite(ownTokens + dollars + latencySeconds + bought)) {
            throw new IllegalArgumentException("tokens and dollars must not be negative, latency and the bought model's"
                    + " parameters above 0, all of them finite; got " + ownTokens + ", " + dollars + ", "
                    + latencySeconds + ", " + bought);
        }
        if (!(machines >= 1 && hours > 0 && energyPrice >= 0 && Double.isFinite(energyPrice))) {
            throw new IllegalArgumentException("there must be at least one machine and hours above 0, and energy must"
                    + " not cost less than nothing; got " + machines + ", " + hours + ", " + energyPrice);
        }
    }

    /// With machines that are hired, as many and as long as the money lasts.
    public Circumstances(
            double ownTokens,
            double dollars,
            boolean isPrivate,
            boolean ownLicence,
            double latencySeconds,
            boolean textChanges,
            double bought) {
        this(
                ownTokens,
                dollars,
                isPrivate,
                ownLicence,
                latencySeconds,
                textChanges,
                bought,
                ANY_NUMBER,
                Double.POSITIVE_INFINITY,
                0);
    }

    /// Machine hours that there are, whatever they cost.
    public double machineHours() {
        return machines == ANY_NUMBER ? Double.POSITIVE_INFINITY : machines * hours;
    }
}
