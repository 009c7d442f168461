package torrefy.kernels.opencl;

import torrefy.core.backend.AttentionKernels;
import torrefy.core.memory.DataType;
import torrefy.core.memory.NdArray;

/// Causal attention in two forms: `attention_cpu.cl` and `attention_gpu.cl`. The program is built anew for each head
/// size.
final class OpenClAttention implements AttentionKernels {

    /// Queries, or keys, of a work-item where the device is a processor.
    private static final int LANES = 32;

    private final Queue queue;

    OpenClAttention(Queue queue) {
        this.queue = queue;
    }

    /// An array of shape (B, H, T, D) as kernels are told of it: the memory, and where it begins, and three strides.
    private static Arguments strided(Arguments arguments, NdArray array) {
        return arguments.and(
                Arguments.buffer(array),
                new int[] {Arguments.start(array), array.stride(0), array.stride(1), array.stride(2)});
    }

    private static Arguments written(Arguments arguments, NdArray array) {
        Arguments.buffer(array).memory().forgetUploaded();
        return strided(arguments, array);
    }

    @Override
    public void causalAttention(NdArray out, NdArray logSumExp, NdArray q, NdArray k, NdArray v, float scale) {
        Arguments arguments = written(sizes(q, k), out).out(logSumExp);
        strided(strided(strided(arguments, q), k), v).and(scale);
        run("attention", q, q, arguments);
    }

    @Override
    public void causalAttentionGradient(
            NdArray dQ,
            NdArray dK,
            NdArray dV,
            NdArray dOut,
            NdArray out,
            NdArray logSumExp,
            NdArray q,
            NdArray k,
            NdArray v,
            float scale) {
        int heads = q.size(0) * q.size(1);
        DeviceBuffer delta = queue.temporary(Temporary.DELTA, DataType.F32, heads * q.size(2));
        Arguments sums = Arguments.of(q.size(1), q.size(2), delta);
        run("attention_delta", q, q, strided(strided(sums, dOut), out));

        Arguments ofQueries = written(sizes(q, k), dQ);
        run("attention_query_gradient", q, q, inputs(ofQueries, dOut, logSumExp, delta, q, k, v, scale));
        Arguments ofKeys = written(written(sizes(q, k), dK), dV);
        run("attention_key_gradient", q, k, inputs(ofKeys, dOut, logSumExp, delta, q, k, v, scale));
    }

    private static Arguments sizes(NdArray q, NdArray k) {
        return Arguments.of(q.size(1), q.size(1) / k.size(1), q.size(2), k.size(2));
    }

    private static Arguments inputs(
            Arguments arguments,
            NdArray dOut,
            NdArray logSumExp,
            DeviceBuffer delta,
            NdArray q,
            NdArray k,
            NdArray v,
            float scale) {
        strided(arguments, dOut).in(logSumExp).and(delta);
        return strided(strided(strided(arguments, q), k), v).and(scale);
    }

    /// @param results for whose rows there are work-items: the queries, or the keys
    private void run(String kernel, NdArray q, NdArray results, Arguments arguments) {
        int heads = results.size(0) * results.size(1);
        int times = results.size(2);
        String options = queue.rowOptions() + " -DD=" + q.size(3);
        if (queue.device().isGpu()) {
            queue.each("attention_gpu.cl", options, kernel, times, heads, arguments);
        } else {
            long strips = Math.ceilDiv(times, LANES);
            queue.run(
                    "attention_cpu.cl",
                    options,
                    kernel,
                    new long[] {strips, heads},
                    new long[] {1, 1},
                    arguments.toArray());
        }
    }
}
