package torrefy.model.plan.decision;

import torrefy.model.plan.Budget;

/// A machine that can be hired or bought, by its public figures.
///
/// @param name by which it is chosen
/// @param peak FLOP/s of dense 16-bit products
/// @param memoryBytes of its own
/// @param bandwidth of that memory, bytes a second
/// @param pricePerHour in dollars
/// @param watts at full load
/// @param source of the figures
/// @param date when the price stood there
public record Hardware(
        String name,
        double peak,
        double memoryBytes,
        double bandwidth,
        double pricePerHour,
        double watts,
        String source,
        String date) {

    /// The share of the peak that training reaches: 38 to 43 % in Dubey et al., "The Llama 3 herd of
    /// models", arXiv 2407.21783, table 4.
    public static final double UTILIZATION = 0.4;

    public Hardware {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("hardware must have a name, by which --on chooses it");
        }
        double sum = peak + memoryBytes + bandwidth + pricePerHour + watts;
        if (!(Double.isFinite(sum)
                && peak > 0
                && memoryBytes > 0
                && bandwidth > 0
                && pricePerHour >= 0
                && watts >= 0)) {
            throw new IllegalArgumentException("hardware '" + name
                    + "': peak, memory and bandwidth must be above 0, price and power not below, all of them finite; got "
                    + peak + ", "
                    + memoryBytes + ", " + bandwidth + ", " + pricePerHour + ", " + watts);
        }
    }

    /// The same, with energy in the price of an hour: `price + watts/1000 · energyPrice`.
    ///
    /// @param energyPrice dollars for a kilowatt hour
    public Hardware withEnergyAt(double energyPrice) {
        double raised = pricePerHour + watts / 1000 * energyPrice;
        return new Hardware(name, peak, memoryBytes, bandwidth, raised, watts, source, date);
    }

    /// Hours of one of these for so many FLOPs of training.
    public double hours(double flops) {
        return flops / (peak * UTILIZATION) / Budget.SECONDS_PER_HOUR;
    }

    /// FLOPs of training in so many hours of one of these.
    public double flopsIn(double hours) {
        return hours * Budget.SECONDS_PER_HOUR * peak * UTILIZATION;
    }

    /// Dollars for so many FLOPs of training, on however many at once.
    public double dollars(double flops) {
        return hours(flops) * pricePerHour;
    }

    /// FLOPs of training that `dollars` buy.
    public double flops(double dollars) {
        return pricePerHour == 0 ? Double.POSITIVE_INFINITY : flopsIn(dollars / pricePerHour);
    }
}
