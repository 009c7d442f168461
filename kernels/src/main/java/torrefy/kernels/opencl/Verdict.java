package torrefy.kernels.opencl;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import torrefy.core.data.AtomicFile;

/// What a trial found out: that something works here, or why it does not.
///
/// Written down it is one line, `open`, or `closed: ` or `closed for now: ` and the reason.
///
/// @param whyClosed one line; empty if it works
/// @param lasts whether another trial would end the same way. One that ran out of time may not.
record Verdict(Optional<String> whyClosed, boolean lasts) {

    private static final String OPEN = "open";
    private static final String CLOSED = "closed: ";
    private static final String CLOSED_FOR_NOW = "closed for now: ";

    /// Characters of a reason.
    private static final int LONGEST = 400;

    static final Verdict FAVOURABLE = new Verdict(Optional.empty(), true);

    /// One that lasts.
    static Verdict closed(String reason) {
        return new Verdict(Optional.of(oneLine(reason)), true);
    }

    /// One that holds for now.
    static Verdict closedForNow(String reason) {
        return new Verdict(Optional.of(oneLine(reason)), false);
    }

    /// A compiler may have more to say than anybody wants to read.
    private static String oneLine(String reason) {
        String line = reason.strip().replaceAll("\\s+", " ");
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + " …";
    }

    String line() {
        return whyClosed.map((lasts ? CLOSED : CLOSED_FOR_NOW)::concat).orElse(OPEN);
    }

    /// The verdict that stands in a line; empty if it is anything else.
    static Optional<Verdict> parse(String line) {
        String text = line.strip();
        if (text.equals(OPEN)) {
            return Optional.of(FAVOURABLE);
        }
        return reason(text, CLOSED)
                .map(Verdict::closed)
                .or(() -> reason(text, CLOSED_FOR_NOW).map(Verdict::closedForNow));
    }

    /// What follows a beginning; empty if the text begins in another way, or nothing follows, or more than a line.
    private static Optional<String> reason(String text, String beginning) {
        return Optional.of(text)
                .filter(line -> line.startsWith(beginning) && line.lines().count() == 1)
                .map(line -> line.substring(beginning.length()).strip())
                .filter(reason -> !reason.isEmpty());
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
            AtomicFile.write(file, line() + "\n");
        } catch (IOException e) {
            // There will be another trial.
        }
    }
}
