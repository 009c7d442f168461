package torrefy.examples.command;

import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import torrefy.core.backend.Tuning;
import torrefy.core.backend.Tuning.Candidate;

/// Measures how a device multiplies matrices the fastest.
@Command(
        name = "tune",
        description =
                "Measures for up to a minute how an OpenCL device multiplies matrices the fastest, and keeps it for"
                        + " all later runs. It changes no result.",
        mixinStandardHelpOptions = true)
public final class TuneCommand implements Callable<Integer> {

    @Mixin
    private Computing computing;

    @Override
    public Integer call() {
        Tuning tuning = computing.tune(candidate -> System.out.println("  " + line(candidate)));
        System.out.println("Device    " + tuning.device());
        System.out.println("Standard  " + line(tuning.standard()));
        System.out.println("Fastest   " + line(tuning.fastest()));
        System.out.println(tuning.keptAt()
                .map(file -> "Kept in   " + file + "; without this file it is the standard again")
                .orElse("Not kept: the user's cache folder cannot be written; later runs take the standard"));
        return 0;
    }

    private static String line(Candidate candidate) {
        return candidate
                .whySkipped()
                .map(why -> String.format(Locale.ROOT, "%-34s skipped: %s", candidate.name(), why))
                .orElseGet(() ->
                        String.format(Locale.ROOT, "%-34s %8.1f GFLOP/s", candidate.name(), candidate.rate() / 1e9));
    }
}
