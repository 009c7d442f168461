package torrefy.kernels.opencl;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/// What a trial found out: that something works here, or why it does not.
///
/// Written down it is one line, `open` or `closed: ` and the reason.
///
/// @param whyClosed one line; empty if it works
/// @param lasts whether another trial would end the same way. One that ran out of time may not.
record Verdict(Optional<String> whyClosed, boolean lasts) {

    private static final String OPEN = "open";
    private static final String CLOSED = "closed: ";

    static final Verdict FAVOURABLE = new Verdict(Optional.empty(), true);

    /// One that lasts.
    static Verdict closed(String reason) {
        return new Verdict(Optional.of(oneLine(reason)), true);
    }

    /// One that holds for now.
    static Verdict closedForNow(String reason) {
        return new Verdict(Optional.of(oneLine(reason)), false);
    }

    private static String oneLine(String reason) {
        return reason.strip().replaceAll("\\s+", " ");
    }

    String line() {
        return whyClosed.map(CLOSED::concat).orElse(OPEN);
    }

    /// The verdict that stands in a line; empty if it is anything else.
    static Optional<Verdict> parse(String line) {
        String text = line.strip();
        if (text.equals(OPEN)) {
            return Optional.of(FAVOURABLE);
        }
        String reason =
                text.startsWith(CLOSED) ? text.substring(CLOSED.length()).strip() : "";
        return reason.isEmpty() || reason.lines().count() > 1 ? Optional.empty() : Optional.of(closed(reason));
    }

    /// The verdict that stands in a file, or else that of a trial, which is then written there if it lasts. A file that
    /// is missing or spoilt means a trial, one that cannot be written another trial the next time, and no more.
    static Verdict remembered(Path file, Supplier<Verdict> trial) {
        try {
            Optional<Verdict> known = parse(Files.readString(file));
            if (known.isPresent()) {
                return known.get();
            }
        } catch (IOException missing) {
            // As below.
        }
        Verdict found = trial.get();
        if (found.lasts) {
            found.write(file);
        }
        return found;
    }

    private void write(Path file) {
        try {
            UserCache.write(file, line() + "\n");
        } catch (IOException e) {
            // There will be another trial.
        }
    }
}
