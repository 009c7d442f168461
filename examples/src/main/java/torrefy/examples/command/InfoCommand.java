package torrefy.examples.command;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import torrefy.core.backend.Backend;
import torrefy.core.backend.BackendProvider;
import torrefy.core.backend.Backends;

/// Says what this machine computes with.
@Command(
        name = "info",
        description = "Shows the backends and why one is missing, SIMD width, threads, measured peak and heap.",
        mixinStandardHelpOptions = true)
public final class InfoCommand implements Callable<Integer> {

    @Mixin
    private Computing computing;

    @Override
    public Integer call() {
        Runtime runtime = Runtime.getRuntime();
        System.out.printf(
                Locale.ROOT,
                "Java       %s, %s, on %s %s%n",
                System.getProperty("java.version"),
                System.getProperty("java.vm.name"),
                System.getProperty("os.name"),
                System.getProperty("os.arch"));
        System.out.printf(
                Locale.ROOT,
                "Heap       %d MB at most, of which %d MB in use%n",
                runtime.maxMemory() >> 20,
                runtime.totalMemory() - runtime.freeMemory() >> 20);
        System.out.printf(Locale.ROOT, "Processors %d%n", runtime.availableProcessors());
        for (BackendProvider provider : Backends.providers()) {
            System.out.printf(
                    Locale.ROOT,
                    "Backend    %-7s %s%n",
                    provider.name(),
                    provider.whyUnavailable()
                            .map(why -> "not available: " + why)
                            .or(() -> provider.whyNotAutomatic().map(why -> "available, but not by itself: " + why))
                            .orElse("available"));
            List<String> devices = provider.devices();
            for (int number = 0; number < devices.size(); number++) {
                System.out.printf(Locale.ROOT, "  device   %d       %s%n", number, devices.get(number));
            }
        }
        try (Backend backend = computing.open()) {
            double peak = backend.measurePeak(Duration.ofMillis(500));
            double reached = MatmulSpeed.measure(backend, 512);
            System.out.printf(Locale.ROOT, "Chosen     %s%n", backend.description());
            System.out.printf(Locale.ROOT, "Peak       %.0f GFLOP/s of f32 multiply-adds, measured%n", peak / 1e9);
            System.out.printf(
                    Locale.ROOT,
                    "Matrices   %.0f GFLOP/s on 512 x 512 x 512: %.0f %% of the peak%n",
                    reached / 1e9,
                    100 * reached / peak);
        }
        return 0;
    }
}
