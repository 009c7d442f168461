package torrefy.examples.command;

import picocli.CommandLine.Option;
import torrefy.core.backend.Backend;
import torrefy.core.backend.Backends;

/// The options that say what to compute with; every command has them.
public final class Computing {

    @Option(
            names = "--backend",
            paramLabel = "NAME",
            defaultValue = "auto",
            description = "auto, scalar or vector (default: ${DEFAULT-VALUE}, the fastest that runs here).")
    private String backend;

    @Option(names = "--threads", paramLabel = "N", description = "Threads to compute with (default: all processors).")
    private Integer threads;

    /// Makes the backend that was asked for.
    public Backend open() {
        int count = threads == null ? Runtime.getRuntime().availableProcessors() : threads;
        if (count < 1) {
            throw new IllegalArgumentException("--threads must be at least 1, got " + count);
        }
        return Backends.create(backend, count);
    }
}
