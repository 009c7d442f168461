package torrefy.model.training;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import torrefy.core.backend.Backend;
import torrefy.core.backend.Backends;
import torrefy.model.architecture.Transformer;
import torrefy.model.architecture.TransformerConfig;

/// A program: trains a tiny model for a long time, and prints a line of four numbers every thousand steps: the step,
/// bytes that each of the thousand allocated, bytes of the Java heap in use after a collection, and bytes of the
/// machine's memory that the process holds.
final class SteadyRun {

    private static final int STEPS = 10_000;
    private static final int EVERY = 1000;

    private static final long PAGE = 4096;

    private SteadyRun() {}

    public static void main(String[] arguments) {
        try (Backend backend = Backends.create("scalar", 2)) {
            Transformer model = new Transformer(TransformerConfig.gpt2(31, 8, 1, 2, 8), backend, 1);
            TrainingSettings settings =
                    TrainingSettings.standard(RunLength.steps(STEPS), 1e-3f).withGuard(DivergenceGuard.generous());
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            Batches batches = new Batches(TokenSource.of(TrainerTest.text(2000)), 2, 8, 1);
            long[] allocated = new long[1];
            new Trainer(model, settings).train(batches, report -> {
                if (report.step() % (EVERY) == 0) {
                    long each = (threads.getCurrentThreadAllocatedBytes() - allocated[0]) / (EVERY);
                    System.gc();
                    long heap = ManagementFactory.getMemoryMXBean()
                            .getHeapMemoryUsage()
                            .getUsed();
                    System.out.println(report.step() + " " + each + " " + heap + " " + residentBytes());
                    allocated[0] = threads.getCurrentThreadAllocatedBytes();
                }
            });
        }
    }

    /// As Linux tells it.
    private static long residentBytes() {
        try {
            String pages = Files.readString(Path.of("/proc/self/statm")).split(" ")[1];
            return PAGE * Long.parseLong(pages);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
