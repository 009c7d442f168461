package torrefy.kernels.opencl;

import java.util.stream.IntStream;
import torrefy.core.backend.RandomKernels;
import torrefy.core.memory.NdArray;
import torrefy.core.random.Distributions;
import torrefy.core.random.RandomKey;

/// The same random numbers as on the host; see `random.cl`.
final class OpenClRandom implements RandomKernels {

    private static final String PROGRAM = "random.cl";

    /// Numbers that one thread draws at a time.
    private static final int DRAWN = 1 << 14;

    private final Queue queue;

    OpenClRandom(Queue queue) {
        this.queue = queue;
    }

    @Override
    public void uniform(NdArray out, RandomKey key) {
        Arguments arguments = Arguments.of(out.elements()).out(out).and(key.seed(), key.stream());
        queue.each(PROGRAM, "", "uniform_numbers", blocks(out), arguments);
    }

    /// Drawn on the host: initial weights are, once, and a device's logarithm and cosine may round otherwise.
    @Override
    public void normal(NdArray out, RandomKey key) {
        float[] numbers = new float[out.elements()];
        IntStream.range(0, Math.ceilDiv(numbers.length, DRAWN)).parallel().forEach(piece -> {
            int from = piece * DRAWN;
            Distributions.normal(key, from / 4, numbers, from, Math.min(DRAWN, numbers.length - from));
        });
        DeviceBuffer buffer = Arguments.buffer(out);
        buffer.memory().forgetUploaded();
        queue.upload(buffer.slice(out.layout().offset(), numbers.length), numbers);
    }

    @Override
    public void dropout(NdArray out, NdArray in, RandomKey key, float probability, boolean accumulate) {
        Arguments arguments = Arguments.of(out.elements())
                .out(out)
                .in(in)
                .and(key.seed(), key.stream(), probability, 1 / (1 - probability), accumulate);
        queue.each(PROGRAM, "", "dropout", blocks(out), arguments);
    }

    private static int blocks(NdArray array) {
        return Math.ceilDiv(array.elements(), 4);
    }
}
