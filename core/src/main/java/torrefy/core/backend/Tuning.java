package torrefy.core.backend;

import java.nio.file.Path;
import java.util.Optional;

/// What a backend chose by measuring, where a device can be told only by trying it; see [Backends#tune].
///
/// @param device what was measured, in one line
/// @param standard what is taken without tuning
/// @param fastest what backends that are made afterwards take
/// @param keptAt the file that tells them; empty if none could be written, and nothing comes of it
public record Tuning(String device, Candidate standard, Candidate fastest, Optional<Path> keptAt) {

    /// One of the ways to compute.
    ///
    /// @param name for people
    /// @param rate in FLOP/s; 0 if it was skipped
    /// @param whySkipped in one line; empty if it was measured
    public record Candidate(String name, double rate, Optional<String> whySkipped) {

        /// One that was measured.
        public static Candidate measured(String name, double rate) {
            return new Candidate(name, rate, Optional.empty());
        }

        /// One that was not, or gave wrong results.
        public static Candidate skipped(String name, String reason) {
            return new Candidate(name, 0, Optional.of(reason));
        }
    }
}
