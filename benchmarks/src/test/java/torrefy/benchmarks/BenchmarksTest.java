package torrefy.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

class BenchmarksTest {

    /// Once each, in this JVM, without a look at the clock: a benchmark that throws, or that JMH cannot find, is seen
    /// here and not months later.
    @Test
    void everyBenchmarkRuns() throws RunnerException {
        // Nothing is measured, so a benchmark that runs elsewhere on this machine is in nobody's way.
        System.setProperty("jmh.ignoreLock", "true");
        Collection<RunResult> results = new Runner(new OptionsBuilder()
                        .include("torrefy.benchmarks")
                        .param("backend", "vector")
                        .param("model", "tiny")
                        .param("weight", "3072x768-N")
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
        assertEquals(
                Set.of(
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
                        "TrainingStepBenchmark"),
                classes);
        assertTrue(results.stream().allMatch(result -> result.getPrimaryResult().getScore() > 0));
    }
}
