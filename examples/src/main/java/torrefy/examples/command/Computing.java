package torrefy.examples.command;

import java.util.function.Consumer;
import java.util.function.Function;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import torrefy.core.backend.Backend;
import torrefy.core.backend.BackendSettings;
import torrefy.core.backend.Backends;
import torrefy.core.backend.Precision;
import torrefy.core.backend.Tuning;

/// The options that say what to compute with; every command has them.
public final class Computing {

    @Option(
            names = "--backend",
            paramLabel = "NAME",
            defaultValue = "auto",
            description = "auto, scalar, vector or opencl (default: ${DEFAULT-VALUE}, the fastest that runs here).")
    private String backend;

    @Option(
            names = "--device",
            paramLabel = "N",
            description = "The number of an OpenCL device, as 'info' lists them (default: the first suitable one).")
    private String device;

    @Option(
            names = "--precision",
            paramLabel = "TYPE",
            defaultValue = "f32",
            description = "What matrix products round their operands to, f32 or bf16, where a device has instructions"
                    + " for it (default: ${DEFAULT-VALUE}).")
    private Precision precision;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(names = "--threads", paramLabel = "N", description = "Threads to compute with (default: all processors).")
    private Integer threads;

    /// Makes the backend that was asked for.
    ///
    /// @throws ParameterException if there is none of that name, no such device, or it cannot run here
    public Backend open() {
        return asked(settings -> Backends.create(backend, settings));
    }

    /// Measures the device that was asked for; see [Backends#tune].
    ///
    /// @throws ParameterException if there is no such backend or device, it cannot run here, or has nothing to tune
    Tuning tune(Consumer<Tuning.Candidate> listener) {
        return asked(settings -> Backends.tune(backend, settings, listener));
    }

    private <T> T asked(Function<BackendSettings, T> what) {
        int count = threads == null ? Runtime.getRuntime().availableProcessors() : threads;
        if (count < 1) {
            throw new IllegalArgumentException("--threads must be at least 1, got " + count);
        }
        try {
            return what.apply(new BackendSettings(count, device, precision));
        } catch (IllegalArgumentException e) {
            // What was asked for cannot be had here.
            throw new ParameterException(command.commandLine(), e.getMessage());
        }
    }
}
