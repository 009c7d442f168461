package torrefy.model.plan.decision;

/// The machines that there are to train on.
///
/// @param count [#ANY_NUMBER] if they are hired
/// @param hours that each of them may work at most
/// @param energyPrice dollars for a kilowatt hour that come on top of a machine's price; 0 if they are in it
public record Machines(int count, double hours, double energyPrice) {

    /// As many as it takes.
    public static final int ANY_NUMBER = Integer.MAX_VALUE;

    public Machines {
        if (!(count >= 1 && hours > 0 && energyPrice >= 0 && Double.isFinite(energyPrice))) {
            throw new IllegalArgumentException("there must be at least one machine and hours above 0, and energy must"
                    + " not cost less than nothing; got " + count + ", " + hours + ", " + energyPrice);
        }
    }

    /// As many and as long as the money lasts.
    public static Machines hired() {
        return new Machines(ANY_NUMBER, Double.POSITIVE_INFINITY, 0);
    }

    /// Hours of all of them together.
    public double allHours() {
        return count == ANY_NUMBER ? Double.POSITIVE_INFINITY : count * hours;
    }
}
