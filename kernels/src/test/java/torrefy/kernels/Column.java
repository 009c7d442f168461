package torrefy.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Stream;
import torrefy.core.backend.Backend;
import torrefy.core.backend.BackendProvider;
import torrefy.core.backend.Backends;
import torrefy.core.memory.NdArray;
import torrefy.kernels.opencl.GpuForms;

/// One column of kernels under test.
record Column(BackendProvider provider) {

    private static final Map<String, Backend> MADE = new ConcurrentHashMap<>();

    /// The columns that can run in this JVM, that of OpenCL in both its forms; with `-Dcolumn=NAME`, that one alone.
    static List<Column> available() {
        String wanted = System.getProperty("column", "");
        return Stream.concat(Backends.providers().stream(), Stream.of(new GpuForms()))
                .filter(provider -> provider.whyUnavailable().isEmpty())
                .filter(provider -> wanted.isEmpty() || provider.name().equals(wanted))
                .map(Column::new)
                .toList();
    }

    /// The column on two threads.
    Backend backend() {
        return backend(2);
    }

    /// Backends are kept: their threads are daemons, and many tests use them.
    private Backend backend(int threads) {
        return MADE.computeIfAbsent(provider.name() + threads, name -> {
            Backend made = provider.create(threads);
            return isOnHost() ? made : new MirroredBackend(made);
        });
    }

    /// Whether the column's memory is the Java heap.
    boolean isOnHost() {
        return !provider.name().startsWith("opencl");
    }

    /// Fails unless `compute` gives the same bits on one, two and three threads.
    void assertSameBitsOnAnyThreads(Function<Backend, NdArray> compute) {
        int[] single = bits(compute.apply(backend(1)));
        for (int threads = 2; threads <= 3; threads++) {
            assertArrayEquals(single, bits(compute.apply(backend(threads))), threads + " threads against 1");
        }
    }

    private static int[] bits(NdArray array) {
        int[] bits = new int[array.elements()];
        float[] values = array.floats();
        int[] positions = Sample.positions(array);
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToRawIntBits(values[positions[i]]);
        }
        return bits;
    }

    @Override
    public String toString() {
        return provider.name();
    }
}
