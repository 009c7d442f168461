package torrefy.model.plan;

import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;

/// Sees whether the JVM's compiler is at work. In a fresh process it is for many seconds: it takes a processor from
/// what is measured, and what it has not come to yet is slow.
final class CompilerWatch {

    /// Of the time, for the compiler, is next to nothing.
    private static final double LITTLE = 0.1;

    /// Null where a JVM does not compile.
    private final CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();

    private long compiledMillis = compiledMillis();
    private long since = System.nanoTime();

    /// Whether it had next to nothing to do since this was last asked.
    boolean wasQuiet() {
        long compiled = compiledMillis();
        long now = System.nanoTime();
        boolean wasQuiet = 1e6 * (compiled - compiledMillis) <= LITTLE * (now - since);
        compiledMillis = compiled;
        since = now;
        return wasQuiet;
    }

    private long compiledMillis() {
        return compiler != null && compiler.isCompilationTimeMonitoringSupported()
                ? compiler.getTotalCompilationTime()
                : 0;
    }
}
