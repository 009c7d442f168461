package torrefy.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;
import torrefy.core.backend.BackendSettings;
import torrefy.core.backend.Backends;
import torrefy.core.backend.Precision;

class BenchmarksTest {

    /// Once each, in this JVM, without a look at the clock: a benchmark that throws, or that JMH cannot find, is seen
    /// here and not months later.
    @ParameterizedTest
    @CsvSource({"vector, F32", "opencl, F32", "opencl, BF16"})
    void everyBenchmarkRuns(String backend, Precision precision) throws RunnerException {
        try {
            Backends.create(backend, new BackendSettings(1, null, precision)).close();
        } catch (IllegalArgumentException e) {
            assumeTrue(false, e.getMessage());
        }
        // Nothing is measured, so a benchmark that runs elsewhere on this machine is in nobody's way.
        System.setProperty("jmh.ignoreLock", "true");
        Collection<RunResult> results = new Runner(new OptionsBuilder()
                        .param("backend", backend)
                        .param("precision", precision.name())
                        .param("model", "tiny")
                        .param("weight", "3072x768-N")
                        // Of bfloat16 only products know.
                        .include(precision == Precision.F32 ? "torrefy.benchmarks" : "Matmul|TrainingStep")
                        .mode(Mode.SingleShotTime)
                        .warmupIterations(0)
                        .measurementIterations(1)
                        .forks(0)
                        .shouldFailOnError(true)
                        .verbosity(VerboseMode.SILENT)
                        .build())
                .run();
        Set<String> classes = results.stream()
                .map(result -> result.getParams().getBenchmark().replaceAll("^.*\\.(\\w+)\\.\\w+$", "$1"))
                .collect(Collectors.toSet());
        Set<String> expected = precision == Precision.BF16
                ? Set.of("MatmulBenchmark", "TrainingStepBenchmark")
                : Set.of(
                        "AttentionBenchmark",
                        "CrossEntropyBenchmark",
                        "DecodingBenchmark",
                        "ElementwiseBenchmark",
                        "IndexBenchmark",
                        "MatmulBenchmark",
                        "NormalizationBenchmark",
                        "OptimizerBenchmark",
                        "RandomBenchmark",
                        "ReductionBenchmark",
                        "RotaryBenchmark",
                        "SoftmaxBenchmark",
                        "StartUpBenchmark",
                        "TrainingStepBenchmark");
        assertEquals(expected, classes);
        assertTrue(results.stream().allMatch(result -> result.getPrimaryResult().getScore() > 0));
    }
}
