package torrefy.model.plan;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import torrefy.core.backend.ArrayMemory;

/// What there is to spend.
///
/// @param seconds of the machine; infinite if only memory bounds the run
/// @param memory to train in
/// @param pricePerHour of the machine, in the user's currency; 0 if it does not matter
/// @param words what the user said, for messages
public record Budget(double seconds, ArrayMemory memory, double pricePerHour, String words) {

    /// What times are divided by that are paid by the hour.
    public static final double SECONDS_PER_HOUR = 3600;

    /// A number of so many digits is easily typed.
    private static final MathContext ROUNDED_UP = new MathContext(2, RoundingMode.UP);

    public Budget {
        if (!(seconds > 0)) {
            throw new IllegalArgumentException("a budget must be above 0: " + words);
        }
    }

    public boolean hasTime() {
        return seconds < Double.POSITIVE_INFINITY;
    }

    /// So much time, and what it costs, as a user would say it as a budget: rounded up, so that it is enough.
    String inWords(double needed) {
        double hours = needed / SECONDS_PER_HOUR;
        String time = roundedUp(hours) + " hours";
        return pricePerHour > 0 ? time + ", which cost " + roundedUp(hours * pricePerHour) + "," : time;
    }

    private static String roundedUp(double value) {
        return new BigDecimal(value).round(ROUNDED_UP).toPlainString();
    }
}
