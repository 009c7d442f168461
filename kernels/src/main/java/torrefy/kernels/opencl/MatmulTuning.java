package torrefy.kernels.opencl;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jocl.CLException;
import torrefy.core.backend.Tuning;
import torrefy.core.backend.Tuning.Candidate;
import torrefy.core.memory.OutOfMemoryException;

/// Finds the tiles with which a device multiplies matrices the fastest, by trying.
///
/// Every candidate has to find two products that are known, before its time counts. The time is that of a few products
/// of a GPT, the median of some runs of each. A machine gets faster and slower while it is measured: each candidate
/// races against the same pacemaker, and those with the largest lead against one another once more, in turns.
final class MatmulTuning {

    /// A transformer block of GPT-2's width: the products that make q, k and v, that lead back to the block's width,
    /// and one of a weight's gradient.
    private static final int WIDTH = 768;

    /// Tokens that a step takes: enough to fill a device, and few enough that a slow one is done soon.
    private static final int GPU_TOKENS = 2048;

    private static final int CPU_TOKENS = 512;

    private static final Duration LIMIT = Duration.ofSeconds(40);

    private static final int RUNS = 3;
    private static final int FINALISTS = 5;
    private static final int FINAL_ROUNDS = 5;

    /// What a set of tiles reached.
    ///
    /// @param lead how many times faster than the pacemaker; 0 if it was skipped
    private record Measured(MatmulTiles tiles, Candidate candidate, double lead) {
        boolean works() {
            return candidate.whySkipped().isEmpty();
        }
    }

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
            List<Measured> finalists = measured.stream()
                    .filter(Measured::works)
                    .sorted(Comparator.comparingDouble(each -> -each.lead))
                    .limit(FINALISTS)
                    .toList();
            if (finalists.isEmpty()) {
                throw new IllegalStateException("no tiles of matrix products work on " + device.name() + ": "
                        + measured.get(0).candidate.whySkipped().orElseThrow());
            }
            Measured standard = measured.get(0);
            List<Measured> racing = Stream.concat(
                            finalists.stream(), Stream.of(standard).filter(Measured::works))
                    .distinct()
                    .toList();
            List<Candidate> again = measureAgain(queue, timed, racing);
            int fastest = IntStream.range(0, racing.size())
                    .boxed()
                    .max(Comparator.comparingDouble(i -> again.get(i).rate()))
                    .orElseThrow();
            return new Tuning(
                    device.description(),
                    standard.works() ? again.get(racing.indexOf(standard)) : standard.candidate,
                    again.get(fastest),
                    kept.keep(device, racing.get(fastest).tiles));
        }
    }

    private List<Measured> measureAll(Queue queue, List<TimedProduct> timed, Consumer<Candidate> listener) {
        // Sizes that no tile divides. Of the first every four numbers are aligned, of the second hardly any.
        List<ProductCheck> checks =
                List.of(new ProductCheck(queue, 140, 148, 532), new ProductCheck(queue, 133, 141, 37));
        long end = System.nanoTime() + limit.toNanos();
        List<Measured> measured = new ArrayList<>();
        Optional<OpenClMatmul> pacemaker = Optional.empty();
        for (MatmulTiles tiles : candidates) {
            OpenClMatmul kernels = new OpenClMatmul(queue, tiles);
            Optional<String> fault = System.nanoTime() > end
                    ? Optional.of("there was no time left")
                    : tiles.whyUnfit(device).or(() -> fault(kernels, checks));
            Measured result;
            if (fault.isPresent()) {
                result = new Measured(tiles, Candidate.skipped(tiles.toString(), fault.get()), 0);
            } else {
                pacemaker = pacemaker.or(() -> Optional.of(kernels));
                double pace = rate(pacemaker.orElseThrow(), timed);
                double rate = rate(kernels, timed);
                result = new Measured(tiles, Candidate.measured(tiles.toString(), rate), rate / pace);
            }
            listener.accept(result.candidate);
            measured.add(result);
        }
        return measured;
    }

    /// Why these kernels are not to be trusted.
    private static Optional<String> fault(OpenClMatmul kernels, List<ProductCheck> checks) {
        try {
            boolean isRight = checks.stream().allMatch(check -> check.passes(kernels));
            return isRight ? Optional.empty() : Optional.of("its products are wrong");
        } catch (CLException | IllegalStateException | OutOfMemoryException e) {
            return Optional.of(
                    String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
        }
    }

    /// The median of each one's rates.
    private static List<Candidate> measureAgain(Queue queue, List<TimedProduct> timed, List<Measured> racing) {
        double[][] rates = new double[racing.size()][FINAL_ROUNDS];
        for (int round = 0; round < FINAL_ROUNDS; round++) {
            for (int i = 0; i < rates.length; i++) {
                rates[i][round] = rate(new OpenClMatmul(queue, racing.get(i).tiles), timed);
            }
        }
        List<Candidate> again = new ArrayList<>();
        for (int i = 0; i < rates.length; i++) {
            Arrays.sort(rates[i]);
            again.add(Candidate.measured(racing.get(i).candidate.name(), rates[i][FINAL_ROUNDS / 2]));
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
