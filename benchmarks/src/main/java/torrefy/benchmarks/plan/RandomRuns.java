package torrefy.benchmarks.plan;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import torrefy.benchmarks.FreshJvm;
import torrefy.core.backend.ArrayMemory;
import torrefy.core.backend.Backend;
import torrefy.core.backend.Backends;
import torrefy.model.architecture.Transformer;
import torrefy.model.optimizer.AdamW;
import torrefy.model.optimizer.Schedule;
import torrefy.model.plan.MemoryPlan;
import torrefy.model.plan.StepSetup;
import torrefy.model.training.Batches;
import torrefy.model.training.RunLength;
import torrefy.model.training.TokenSource;
import torrefy.model.training.Trainer;
import torrefy.model.training.TrainingSettings;

/// Random models, each made to fit into a heap and trained there for two micro-batches, in a process of its own: counts
/// those that ran out of memory, of which there should be none. More micro-batches and steps lie in the same memory.
/// Arguments: how many (50), and the heap (`2g`).
public final class RandomRuns {

    private static final int MICRO_BATCHES = 2;

    private RandomRuns() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        int count = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 50;
        String heap = arguments.length > 1 ? arguments[1] : "2g";
        Map<String, Integer> outcomes = new LinkedHashMap<>();
        for (int seed = 1; seed <= count; seed++) {
            FreshJvm run = FreshJvm.run(List.of("-Xmx" + heap), Run.class, seed);
            String outcome = outcome(run);
            outcomes.merge(outcome, 1, Integer::sum);
            System.out.println(seed + ": " + outcome + "; " + run.lines().getLast());
        }
        System.out.println(count + " random models in " + heap + ": " + outcomes);
    }

    private static String outcome(FreshJvm run) {
        if (run.says("OutOfMemory")) {
            return "out of memory";
        }
        return run.code() == 0 ? run.after("outcome") : "failed";
    }

    /// The program of the fresh JVM.
    static final class Run {

        private Run() {}

        /// @param arguments the seed
        public static void main(String[] arguments) {
            StepSetup wanted = PlannedSizes.random(Long.parseLong(arguments[0]));
            MemoryPlan plan;
            try {
                plan = MemoryPlan.fit(wanted, ArrayMemory.heap());
            } catch (IllegalArgumentException e) {
                System.out.println("outcome refused");
                System.out.println(e.getMessage());
                return;
            }
            try (Backend backend = Backends.standard()) {
                train(plan.setup(), backend);
            }
            System.out.println("outcome " + (plan.turned().isEmpty() ? "fitted as wanted" : "was made to fit"));
            System.out.printf(
                    "%,d parameters, %d tokens a step, %s%n",
                    wanted.config().parameters(), wanted.tokens(), plan.description());
        }

        private static void train(StepSetup setup, Backend backend) {
            int accumulation = Math.min(MICRO_BATCHES, setup.accumulation());
            TrainingSettings settings = new TrainingSettings(
                    RunLength.steps(MICRO_BATCHES / accumulation),
                    new Schedule(1e-3f, 0, 1),
                    AdamW.Settings.standard(),
                    1,
                    accumulation,
                    1,
                    setup.recompute());
            Batches batches = new Batches(TokenSource.zeros(), setup.sequences(), setup.length(), 1);
            new Trainer(new Transformer(setup.config(), backend, 1, setup.storage()), settings).train(batches);
        }
    }
}
