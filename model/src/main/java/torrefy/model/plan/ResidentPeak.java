package torrefy.model.plan;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The most memory that this process ever held, as the system counts it: `VmHWM` of Linux.
final class ResidentPeak {

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Pattern HIGH_WATER_MARK = Pattern.compile("VmHWM:\\s+(\\d+) kB");

    private ResidentPeak() {}

    /// In bytes; empty where there is no such file.
    static OptionalLong bytes() {
        if (!Files.isReadable(STATUS)) {
            return OptionalLong.empty();
        }
        try {
            Matcher line = HIGH_WATER_MARK.matcher(Files.readString(STATUS));
            return line.find() ? OptionalLong.of(Long.parseLong(line.group(1)) << 10) : OptionalLong.empty();
        } catch (IOException e) {
            // It was there a moment ago; without it nothing is known, and nothing is lost.
            return OptionalLong.empty();
        }
    }
}
