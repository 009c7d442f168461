package torrefy.examples.command;

import java.util.Locale;

/// Spans of time as people say them.
final class Span {

    private static final double MINUTE = 60;
    private static final double HOUR = 60 * MINUTE;
    private static final double DAY = 24 * HOUR;
    private static final double YEAR = 365.25 * DAY;

    private Span() {}

    /// 41 ms, 3.2 s, 12.5 minutes, 7.1 hours, 3.4 days, 12 years
    static String of(double seconds) {
        if (seconds < 1) {
            return number(1000 * seconds) + " ms";
        }
        if (seconds < 2 * MINUTE) {
            return number(seconds) + " s";
        }
        if (seconds < 2 * HOUR) {
            return number(seconds / MINUTE) + " minutes";
        }
        if (seconds < 2 * DAY) {
            return number(seconds / HOUR) + " hours";
        }
        return seconds < 2 * YEAR ? number(seconds / DAY) + " days" : number(seconds / YEAR) + " years";
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%,.0f", value);
    }
}
