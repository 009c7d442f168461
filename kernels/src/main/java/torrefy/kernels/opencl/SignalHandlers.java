package torrefy.kernels.opencl;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.function.Supplier;

/// Keeps the JVM's signal handlers in place where a driver would put its own there.
///
/// The JVM needs `SIGSEGV` in everyday work: compiled code finds a null by reading through it, and threads stop for the
/// garbage collector by reading a page that was closed. A driver that is built on LLVM, PoCL among them, installs
/// handlers that are to print its stack when it crashes. They work once only and hand on to those that they found, and
/// when two threads of Java happen to be stopped in the same moment, the second finds no handler at all: the process is
/// gone, without a word. The drivers install theirs when the devices are first asked for and never again, so it
/// is enough to save what is there before and to put it back after.
///
/// POSIX: `sigaction(2)`, whose structure is copied as it is, whatever stands in it. Does nothing where the system is
/// not Linux.
final class SignalHandlers {

    /// More than any `struct sigaction` takes.
    private static final int BYTES = 512;

    private static final int SIGNALS = 31;
    private static final int SIGKILL = 9;
    private static final int SIGSTOP = 19;

    private static final Optional<MethodHandle> SIGACTION = find();

    private SignalHandlers() {}

    /// What the `question` to a driver yields, with the handlers of all signals as they were before.
    static <T> T keptDuring(Supplier<T> question) {
        byte[][] before = all();
        try {
            return question.get();
        } finally {
            for (int signal = 1; signal <= SIGNALS; signal++) {
                if (address(before[signal]) != address(of(signal))) {
                    set(signal, before[signal]);
                }
            }
        }
    }

    private static byte[][] all() {
        byte[][] all = new byte[SIGNALS + 1][];
        for (int signal = 1; signal <= SIGNALS; signal++) {
            all[signal] = of(signal);
        }
        return all;
    }

    /// What the system knows of a signal's handler; empty where there is no telling.
    static byte[] of(int signal) {
        if (SIGACTION.isEmpty() || signal == SIGKILL || signal == SIGSTOP) {
            return new byte[0];
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment old = arena.allocate(BYTES, 8);
            return sigaction(signal, MemorySegment.NULL, old) == 0 ? old.toArray(ValueLayout.JAVA_BYTE) : new byte[0];
        }
    }

    /// Of the function to call, which stands first; the system does not fill all that follows.
    static long address(byte[] handler) {
        return handler.length == 0
                ? 0
                : ByteBuffer.wrap(handler).order(ByteOrder.nativeOrder()).getLong();
    }

    static void set(int signal, byte[] handler) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment to = arena.allocate(BYTES, 8);
            to.copyFrom(MemorySegment.ofArray(handler));
            sigaction(signal, to, MemorySegment.NULL);
        }
    }

    private static int sigaction(int signal, MemorySegment to, MemorySegment old) {
        try {
            return (int) SIGACTION.orElseThrow().invokeExact(signal, to, old);
        } catch (Throwable e) {
            throw new AssertionError("sigaction throws nothing", e);
        }
    }

    private static Optional<MethodHandle> find() {
        if (!System.getProperty("os.name").equals("Linux")) {
            return Optional.empty();
        }
        Linker linker = Linker.nativeLinker();
        SymbolLookup system = linker.defaultLookup();
        FunctionDescriptor signature = FunctionDescriptor.of(
                ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS);
        return system.find("sigaction").map(address -> linker.downcallHandle(address, signature));
    }
}
