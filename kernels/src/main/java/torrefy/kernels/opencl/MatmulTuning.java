package torrefy.kernels.opencl;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jocl.CLException;
import torrefy.core.backend.Tuning;
import torrefy.core.backend.Tuning.Candidate;
import torrefy.core.memory.OutOfMemoryException;

/// Finds the tiles with which a device multiplies matrices the fastest, by trying.
///
/// Every candidate has to find two products that are known, before its time counts. The time is that of a few products
/// of a GPT, the median of some runs of each. A machine changes while it is measured, so that the few fastest are
/// measured again, in turns.
final class MatmulTuning {

    /// A transformer block of GPT-2's width: the products that make q, k and v, that lead back to the block's width,
    /// and one of a weight's gradient.
    private static final int WIDTH = 768;

    /// Tokens that a step takes: enough to fill a device, and few enough that a slow one is done soon.
    private static final int GPU_TOKENS = 2048;

    private static final int CPU_TOKENS = 512;

    private static final Duration LIMIT = Duration.ofSeconds(40);

    private static final int RUNS = 5;
    private static final int FINALISTS = 4;
    private static final int FINAL_ROUNDS = 3;

    /// What a set of tiles reached.
    private record Measured(MatmulTiles tiles, Candidate candidate) {}

    private final Device device;
    private final List<MatmulTiles> candidates;
    private final List<TimedProduct.Sizes> products;
    private final Duration limit;

    /// @param candidates the one that is the standard first
    /// @param limit no new candidate is begun after that time
    MatmulTuning(Device device, List<MatmulTiles> candidates, List<TimedProduct.Sizes> products, Duration limit) {
        this.device = device;
        this.candidates = candidates;
        this.products = products;
        this.limit = limit;
    }

    /// Of everything that may be worth it on this device.
    static MatmulTuning of(Device device) {
        int tokens = device.isGpu() ? GPU_TOKENS : CPU_TOKENS;
        return new MatmulTuning(
                device,
                DeviceClass.of(device).candidates(device),
                List.of(
                        new TimedProduct.Sizes(tokens, 3 * WIDTH, WIDTH, false, false),
                        new TimedProduct.Sizes(tokens, WIDTH, 4 * WIDTH, false, true),
                        new TimedProduct.Sizes(WIDTH, 4 * WIDTH, tokens, true, false)),
                LIMIT);
    }

    /// @param kept where the fastest tiles are kept
    /// @throws IllegalStateException if no candidate works
    Tuning run(TunedTiles kept, Consumer<Candidate> listener) {
        // Programs of candidates are not worth keeping.
        try (Queue queue = new Queue(device, new ProgramCache(null))) {
            List<TimedProduct> timed = products.stream()
                    .map(sizes -> new TimedProduct(queue, sizes))
                    .toList();
            List<Measured> measured = measureAll(queue, timed, listener);
            List<Measured> finalists = Stream.concat(
                            measured.stream().limit(1),
                            measured.stream()
                                    .filter(each -> each.candidate.whySkipped().isEmpty())
                                    .sorted(fastestFirst())
                                    .limit(FINALISTS))
                    .distinct()
                    .toList();
            List<Measured> again = measureAgain(queue, timed, finalists);
            Measured fastest = again.stream()
                    .filter(each -> each.candidate.whySkipped().isEmpty())
                    .min(fastestFirst())
                    .orElseThrow(() -> new IllegalStateException("no tiles of matrix products work on " + device.name()
                            + ": " + measured.get(0).candidate.whySkipped().orElse("")));
            return new Tuning(
                    device.description(), again.get(0).candidate, fastest.candidate, kept.keep(device, fastest.tiles));
        }
    }

    private static Comparator<Measured> fastestFirst() {
        return Comparator.comparingDouble(each -> -each.candidate.rate());
    }

    private List<Measured> measureAll(Queue queue, List<TimedProduct> timed, Consumer<Candidate> listener) {
        // Sizes that no tile divides. Of the first every four numbers are aligned, of the second hardly any.
        List<ProductCheck> checks =
                List.of(new ProductCheck(queue, 140, 148, 532), new ProductCheck(queue, 133, 141, 37));
        long end = System.nanoTime() + limit.toNanos();
        List<Measured> measured = new ArrayList<>();
        for (MatmulTiles tiles : candidates) {
            Candidate candidate = System.nanoTime() > end
                    ? Candidate.skipped(tiles.toString(), "there was no time left")
                    : measure(queue, tiles, checks, timed);
            listener.accept(candidate);
            measured.add(new Measured(tiles, candidate));
        }
        return measured;
    }

    private Candidate measure(Queue queue, MatmulTiles tiles, List<ProductCheck> checks, List<TimedProduct> timed) {
        Optional<String> unfit = tiles.whyUnfit(device);
        if (unfit.isPresent()) {
            return Candidate.skipped(tiles.toString(), unfit.get());
        }
        OpenClMatmul kernels = new OpenClMatmul(queue, tiles);
        try {
            if (!checks.stream().allMatch(check -> check.passes(kernels))) {
                return Candidate.skipped(tiles.toString(), "its products are wrong");
            }
            return Candidate.measured(tiles.toString(), rate(kernels, timed));
        } catch (CLException | IllegalStateException | OutOfMemoryException e) {
            String firstLine =
                    String.valueOf(e.getMessage()).lines().findFirst().orElse("");
            return Candidate.skipped(tiles.toString(), firstLine);
        }
    }

    /// Each with the median of its rates.
    private static List<Measured> measureAgain(Queue queue, List<TimedProduct> timed, List<Measured> finalists) {
        double[][] rates = new double[finalists.size()][FINAL_ROUNDS];
        for (int round = 0; round < FINAL_ROUNDS; round++) {
            for (int i = 0; i < rates.length; i++) {
                boolean works = finalists.get(i).candidate.whySkipped().isEmpty();
                rates[i][round] = works ? rate(new OpenClMatmul(queue, finalists.get(i).tiles), timed) : 0;
            }
        }
        List<Measured> again = new ArrayList<>();
        for (int i = 0; i < rates.length; i++) {
            Measured first = finalists.get(i);
            Arrays.sort(rates[i]);
            Candidate candidate =
                    new Candidate(first.candidate.name(), rates[i][FINAL_ROUNDS / 2], first.candidate.whySkipped());
            again.add(new Measured(first.tiles, candidate));
        }
        return again;
    }

    /// FLOP/s over all products.
    private static double rate(OpenClMatmul kernels, List<TimedProduct> timed) {
        double flops = 0;
        double seconds = 0;
        for (TimedProduct product : timed) {
            flops += product.sizes().flops();
            seconds += product.medianSeconds(kernels, RUNS);
        }
        return flops / seconds;
    }
}
