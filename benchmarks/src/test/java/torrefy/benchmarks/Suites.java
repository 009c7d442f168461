package torrefy.benchmarks;

import static org.junit.platform.engine.discovery.ClassNameFilter.includeClassNamePatterns;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClasspathRoots;

import java.io.File;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/// Runs test classes on a machine that has a JVM and no Maven: those of `kernels` and `tensor` that are about a device.
/// `src/gpu/run` calls it there, with `-Dcolumn=opencl`.
public final class Suites {

    /// What holds on any device. The other tests of `kernels` are about the processor, or about particular drivers.
    private static final String ON_A_DEVICE =
            "torrefy\\.(kernels\\.(\\w+ContractTest|ColumnsTest|opencl\\.OpenClTest)|tensor\\.(\\w+\\.)*\\w+Test)";

    private Suites() {}

    /// Ends with 0 if there were tests, and none failed. An argument is a pattern for the names of other classes.
    public static void main(String[] arguments) {
        System.exit(run(arguments.length == 0 ? ON_A_DEVICE : arguments[0]) ? 0 : 1);
    }

    /// Runs the test classes in the folders of the class path whose full names match; the last line printed is a
    /// summary.
    static boolean run(String names) {
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(selectClasspathRoots(folders()))
                .filters(includeClassNamePatterns(names))
                .build();
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        Launcher launcher = LauncherFactory.create();
        launcher.execute(request, listener);
        TestExecutionSummary summary = listener.getSummary();
        summary.printFailuresTo(new PrintWriter(System.out, true, Charset.defaultCharset()), 30);
        System.out.printf(
                "%d tests passed, %d failed, %d were skipped, in %d s%n",
                summary.getTestsSucceededCount(),
                summary.getTotalFailureCount(),
                summary.getTestsSkippedCount() + summary.getTestsAbortedCount(),
                (summary.getTimeFinished() - summary.getTimeStarted()) / 1000);
        return summary.getTestsSucceededCount() > 0 && summary.getTotalFailureCount() == 0;
    }

    private static Set<Path> folders() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .filter(Files::isDirectory)
                .collect(Collectors.toSet());
    }
}
