package torrefy.examples.quickstart;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;

/// Lets work that is asked to end, by Ctrl-C or by `kill`, come to a good end first. A second Ctrl-C stops at once.
///
/// The JVM answers `SIGINT`, `SIGTERM` and `SIGHUP` by running its shutdown hooks while all threads go on, and ends
/// when the hooks have, with 128 and the signal's number as exit code: 130 after Ctrl-C. Ours asks the work to stop
/// and waits until it has. The JVM would ignore a second signal while it waits; so the hook gives the signals back to
/// the system, whose own answer is to end the process. Where the system is not POSIX, a second Ctrl-C waits with the
/// first.
final class Interruption {

    private static final int SIGINT = 2;
    private static final int SIGTERM = 15;

    private final Runnable stop;
    private final CountDownLatch done = new CountDownLatch(1);
    private final Thread hook = new Thread(this::interrupted, "torrefy-interruption");

    private Interruption(Runnable stop) {
        this.stop = stop;
    }

    /// Does `work`. If the process is to end meanwhile, it does so after it.
    ///
    /// @param stop asks the work to end soon; called in another thread, at most once
    static <T> T after(Runnable stop, Supplier<T> work) {
        Interruption interruption = new Interruption(stop);
        Runtime.getRuntime().addShutdownHook(interruption.hook);
        try {
            return work.get();
        } finally {
            interruption.workIsDone();
        }
    }

    private void interrupted() {
        giveSignalsBack();
        System.out.println("stopping after this step; again, to stop at once");
        stop.run();
        try {
            done.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// `signal(2)` with `SIG_DFL`, which is 0.
    private static void giveSignalsBack() {
        if (System.getProperty("os.name").startsWith("Windows")) {
            return;
        }
        Linker linker = Linker.nativeLinker();
        FunctionDescriptor signature =
                FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT, ValueLayout.ADDRESS);
        MethodHandle signal = linker.downcallHandle(linker.defaultLookup().findOrThrow("signal"), signature);
        for (int number : new int[] {SIGINT, SIGTERM}) {
            try {
                MemorySegment before = (MemorySegment) signal.invokeExact(number, MemorySegment.NULL);
                assert before != null;
            } catch (Throwable e) {
                throw new AssertionError("signal throws nothing", e);
            }
        }
    }

    private void workIsDone() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // It is running, and waits for this.
        }
        done.countDown();
    }
}
