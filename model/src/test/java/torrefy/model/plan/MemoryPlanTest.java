package torrefy.model.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import torrefy.core.backend.ArrayMemory;
import torrefy.core.backend.Backend;
import torrefy.core.backend.Backends;
import torrefy.core.memory.DataType;
import torrefy.model.architecture.Storage;
import torrefy.model.architecture.Transformer;
import torrefy.model.architecture.TransformerConfig;
import torrefy.model.optimizer.AdamW;
import torrefy.model.optimizer.Schedule;
import torrefy.model.training.Batches;
import torrefy.model.training.MemoryEstimate;
import torrefy.model.training.RunLength;
import torrefy.model.training.TokenSource;
import torrefy.model.training.Trainer;
import torrefy.model.training.TrainingSettings;

class MemoryPlanTest {

    private static final TransformerConfig CONFIG = TransformerConfig.gpt2(4096, 256, 4, 4, 256);

    @Test
    void whatFitsStaysAsItIs() {
        StepSetup wanted = StepSetup.of(CONFIG, 8);
        MemoryPlan plan =
                MemoryPlan.fit(wanted, ArrayMemory.heap(wanted.memory().bytes()));
        assertEquals(wanted, plan.setup());
        assertEquals("fits as wanted", plan.description());
    }

    @Test
    void knobsAreTurnedOneAfterTheOther() {
        StepSetup wanted = StepSetup.of(CONFIG, 8);
        MemoryPlan smaller =
                MemoryPlan.fit(wanted, ArrayMemory.heap(wanted.memory().bytes() - 1));
        assertEquals(new StepSetup(CONFIG, Storage.F32, 4, 2, 256, false), smaller.setup());
        assertEquals(List.of("micro-batches of 4 instead of 8 sequences, 2 a step"), smaller.turned());
        assertEquals(
                List.of("micro-batches of 4 instead of 8 sequences, 2 a step: the same gradient but for rounding, in a"
                        + " little more time"),
                smaller.effects(wanted));

        StepSetup one = new StepSetup(CONFIG, Storage.F32, 1, 8, 256, false);
        MemoryPlan again = MemoryPlan.fit(wanted, ArrayMemory.heap(one.memory().bytes() - 1));
        assertTrue(again.setup().recompute(), again.description());
        assertEquals(Storage.F32, again.setup().storage());

        StepSetup recomputed = new StepSetup(CONFIG, Storage.F32, 1, 8, 256, true);
        MemoryPlan rounded =
                MemoryPlan.fit(wanted, ArrayMemory.heap(recomputed.memory().bytes() - 1));
        assertEquals(DataType.BF16, rounded.setup().storage().activations(), rounded.description());
        assertTrue(rounded.memory().bytes() < recomputed.memory().bytes(), rounded.description());
    }

    @Test
    void whatCannotFitIsRefusedWithTheHeapThatWouldDo() {
        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> MemoryPlan.fit(StepSetup.of(CONFIG, 8), ArrayMemory.heap(40L << 20)))
                .getMessage();
        int at = message.indexOf("-Xmx");
        long asked = Long.parseLong(message.substring(at + 4, message.indexOf('m', at + 4))) << 20;
        assertTrue(message.contains("40 MB"), message);
        assertTrue(
                MemoryPlan.fit(StepSetup.of(CONFIG, 8), ArrayMemory.heap(asked))
                                .memory()
                                .bytes()
                        <= asked,
                message);
    }

    /// A device has neither a garbage collector nor Java's program in its memory, but buffers of bounded size.
    @Test
    void aDevicesMemoryBoundsTheWholeAndEachArray() {
        StepSetup wanted = StepSetup.of(CONFIG, 8);
        MemoryEstimate memory = wanted.memory();
        long whole = memory.stepBytes() + memory.stepBytes() / 3;
        assertEquals(
                wanted,
                MemoryPlan.fit(wanted, ArrayMemory.device(whole, memory.largestArray()))
                        .setup());

        MemoryPlan less = MemoryPlan.fit(wanted, ArrayMemory.device(whole - 1, memory.largestArray()));
        assertEquals(4, less.setup().sequences());
        MemoryPlan inPieces = MemoryPlan.fit(wanted, ArrayMemory.device(whole, memory.largestArray() - 1));
        assertEquals(4, inPieces.setup().sequences());
        assertTrue(inPieces.memory().largestArray() < memory.largestArray());

        String tooSmall = refusal(wanted, ArrayMemory.device(1 << 20, 1 << 20));
        assertTrue(tooSmall.contains("device's memory of 1 MB") && tooSmall.contains("--device"), tooSmall);
        assertFalse(tooSmall.contains("Xmx"), tooSmall);
        // The token table alone: 4096 · 256 numbers of 4 bytes.
        String inOne = refusal(wanted, ArrayMemory.device(1L << 40, 3 << 20));
        assertTrue(inOne.contains("in one piece") && inOne.contains("3 MB at once"), inOne);
        String limited = refusal(wanted, ArrayMemory.heap().limitedTo(10 << 20, "--memory"));
        assertTrue(limited.contains("heap of 10 MB; give it --memory "), limited);
    }

    /// A megabyte less than what a refusal asks for is refused again, also of a single layer, which takes more if it is
    /// recomputed.
    @Test
    void theMemoryThatARefusalAsksForIsTheLeastThatWillDo() {
        TransformerConfig oneLayer = TransformerConfig.gpt2(1044, 256, 1, 1, 64);
        for (StepSetup wanted : List.of(StepSetup.of(CONFIG, 8), StepSetup.of(oneLayer, 8))) {
            ArrayMemory heap = ArrayMemory.heap();
            String message = refusal(wanted, heap.limitedTo(10 << 20, "--memory"));
            int at = message.indexOf("--memory ") + "--memory ".length();
            long asked = Long.parseLong(message.substring(at, message.indexOf('m', at))) << 20;
            MemoryPlan.fit(wanted, heap.limitedTo(asked, "--memory"));
            String less = refusal(wanted, heap.limitedTo(asked - (1 << 20), "--memory"));
            assertTrue(less.contains("--memory " + (asked >> 20) + "m"), less);
        }
    }

    private static String refusal(StepSetup wanted, ArrayMemory memory) {
        return assertThrows(IllegalArgumentException.class, () -> MemoryPlan.fit(wanted, memory))
                .getMessage();
    }

    /// A GPT-2 or a Llama with steps of up to 24 sequences.
    private static StepSetup random(Random random) {
        int heads = 1 << random.nextInt(4);
        int width = heads * 16 * (1 + random.nextInt(4));
        int vocabulary = 300 + random.nextInt(4000);
        int context = 16 << random.nextInt(3);
        int layers = 1 + random.nextInt(3);
        TransformerConfig config = random.nextBoolean()
                ? TransformerConfig.gpt2(vocabulary, context, layers, heads, width)
                : TransformerConfig.llama(vocabulary, context, layers, heads, 1, width, 3 * width);
        return new StepSetup(
                config, Storage.F32, 1 + random.nextInt(24), 1 + random.nextInt(2), context, random.nextInt(4) == 0);
    }

    @Test
    void fiftyRandomModelsEitherFitAsPlannedOrAreRefused() {
        Random random = new Random(7);
        List<StepSetup> all = Stream.generate(() -> random(random)).limit(50).toList();
        // Six of ten fit as they are, under any garbage collector.
        long heap = all.stream()
                .mapToLong(wanted -> wanted.memory().bytes())
                .sorted()
                .skip(29)
                .findFirst()
                .orElseThrow();
        int asWanted = 0;
        int turned = 0;
        for (StepSetup wanted : all) {
            try {
                MemoryPlan plan = MemoryPlan.fit(wanted, ArrayMemory.heap(heap));
                assertTrue(plan.setup().memory().bytes() <= heap, plan.toString());
                assertEquals(wanted.tokens(), plan.setup().tokens());
                asWanted += plan.turned().isEmpty() ? 1 : 0;
                turned += plan.turned().isEmpty() ? 0 : 1;
            } catch (IllegalArgumentException e) {
                assertTrue(e.getMessage().contains("-Xmx"), e.getMessage());
            }
        }
        assertTrue(asWanted >= 30 && turned >= 5, asWanted + " fit, " + turned + " were made to fit");
    }

    /// In a JVM with as small a heap, where an estimate that is too small ends the run.
    @Test
    void modelsThatWereMadeToFitTrainInThatHeap() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector",
                "-Xmx52m",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                Child.class.getName()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        assertEquals(
                3, output.lines().filter(line -> line.startsWith("trained")).count(), output);
    }

    /// Trains three random models that have to be made to fit, for two steps each.
    static final class Child {

        private Child() {}

        public static void main(String[] arguments) {
            Random random = new Random(11);
            try (Backend backend = Backends.create("auto", 2)) {
                int trained = 0;
                while (trained < 3) {
                    StepSetup wanted = random(random);
                    try {
                        MemoryPlan plan = MemoryPlan.fit(wanted, ArrayMemory.heap());
                        if (!plan.turned().isEmpty()) {
                            train(plan.setup(), backend);
                            System.out.println("trained " + plan);
                            trained++;
                        }
                    } catch (IllegalArgumentException e) {
                        // This one is too large, whatever is turned.
                        System.out.println(e.getMessage());
                    }
                    System.gc();
                }
            }
        }

        private static void train(StepSetup setup, Backend backend) {
            TrainingSettings settings = new TrainingSettings(
                    RunLength.steps(2),
                    new Schedule(1e-3f, 0, 1),
                    AdamW.Settings.standard(),
                    1,
                    setup.accumulation(),
                    1,
                    setup.recompute());
            Batches batches = new Batches(TokenSource.zeros(), setup.sequences(), setup.length(), 1);
            new Trainer(new Transformer(setup.config(), backend, 1, setup.storage()), settings).train(batches);
        }
    }
}
