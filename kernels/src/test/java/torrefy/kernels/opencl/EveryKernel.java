package torrefy.kernels.opencl;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import torrefy.core.backend.AttentionKernels;
import torrefy.core.backend.Backend;
import torrefy.core.backend.BinaryFunction;
import torrefy.core.backend.CrossEntropyKernels;
import torrefy.core.backend.ElementwiseKernels;
import torrefy.core.backend.IndexKernels;
import torrefy.core.backend.MatmulKernels;
import torrefy.core.backend.NormalizationKernels;
import torrefy.core.backend.OptimizerKernels;
import torrefy.core.backend.OptimizerKernels.AdamWStep;
import torrefy.core.backend.RandomKernels;
import torrefy.core.backend.ReductionKernels;
import torrefy.core.backend.RotaryKernels;
import torrefy.core.backend.RotaryKernels.Pairing;
import torrefy.core.backend.SoftmaxKernels;
import torrefy.core.backend.UnaryFunction;
import torrefy.core.memory.Buffer;
import torrefy.core.memory.DataType;
import torrefy.core.memory.NdArray;
import torrefy.core.random.RandomKey;
import torrefy.core.shape.Shape;

/// A program that runs every kernel of the vocabulary on the first OpenCL device, on arrays so small and so odd that
/// groups and registers are not filled, or just filled, or need a second one. It looks at no result: it is run where
/// the driver watches what kernels do to memory.
///
/// Every array is a memory object of its own and ends where the memory ends.
///
/// ```
/// java … torrefy.kernels.opencl.EveryKernel gpu          every kernel in the form for GPUs
/// java … torrefy.kernels.opencl.EveryKernel cpu          every kernel in the form for processors
/// java … torrefy.kernels.opencl.EveryKernel broken NAME  one of the kernels of broken.cl
/// ```
final class EveryKernel {

    private static final float EPSILON = 1e-5f;

    private final OpenClBackend backend;
    private final Set<String> called = new TreeSet<>();

    /// All arrays, so that none is released before the end: what is collected is released by another thread, and
    /// Oclgrind falls over when one releases while another computes.
    private final List<NdArray> kept = new ArrayList<>();

    private EveryKernel(Device device) {
        backend = new OpenClBackend(device, 1);
    }

    public static void main(String[] arguments) {
        OpenClLibrary.whyUnavailable().ifPresent(reason -> {
            throw new IllegalStateException(reason);
        });
        Device device = Devices.suitable().get(0);
        System.out.println(device.description());
        if (arguments[0].equals("broken")) {
            EveryKernel kernels = new EveryKernel(device);
            Arguments out = Arguments.of(kernels.zeros(13).buffer());
            kernels.backend.queue().each("broken.cl", "", arguments[1], 1, out);
            kernels.backend.close();
        } else {
            new EveryKernel(device.takenForGpu(arguments[0].equals("gpu"))).runAll();
        }
    }

    private void runAll() {
        elementwise(watched(ElementwiseKernels.class, backend.elementwise()));
        reduction(watched(ReductionKernels.class, backend.reduction()));
        matmul(watched(MatmulKernels.class, backend.matmul()));
        if (backend.queue().device().isGpu()) {
            product(new OpenClMatmul(backend.queue(), new GpuTiles(16, 32, 4, 8, 8)), 17, 35, 9);
            emulated(Bf16NvidiaMatmul.emulated(backend.queue(), Integer.MAX_VALUE));
        }
        index(watched(IndexKernels.class, backend.index()));
        softmax(watched(SoftmaxKernels.class, backend.softmax()));
        normalization(watched(NormalizationKernels.class, backend.normalization()));
        attention(watched(AttentionKernels.class, backend.attention()));
        crossEntropy(watched(CrossEntropyKernels.class, backend.crossEntropy()));
        rotary(watched(RotaryKernels.class, backend.rotary()));
        random(watched(RandomKernels.class, backend.random()));
        optimizer(watched(OptimizerKernels.class, backend.optimizer()));
        backend.close();
        requireAllCalled();
    }

    /// The kernels, of which those that are called are noted.
    private <K> K watched(Class<K> family, K kernels) {
        return family.cast(Proxy.newProxyInstance(
                family.getClassLoader(), new Class<?>[] {family}, (proxy, kernel, arguments) -> {
                    called.add(name(kernel));
                    try {
                        return kernel.invoke(kernels, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    private static String name(Method kernel) {
        return kernel.getDeclaringClass().getSimpleName() + "." + kernel.getName();
    }

    /// So that a kernel that is added to the vocabulary later is not forgotten here.
    private void requireAllCalled() {
        Set<String> forgotten = Stream.of(Backend.class.getMethods())
                .map(Method::getReturnType)
                .filter(type -> type.getSimpleName().endsWith("Kernels"))
                .flatMap(family -> Stream.of(family.getMethods()))
                .map(EveryKernel::name)
                .filter(kernel -> !called.contains(kernel))
                .collect(Collectors.toCollection(TreeSet::new));
        if (!forgotten.isEmpty()) {
            throw new AssertionError("not called: " + forgotten);
        }
    }

    private void elementwise(ElementwiseKernels kernels) {
        kernels.fill(zeros(77), 3);
        kernels.fill(transposed(zeros(3, 7)), 3);
        kernels.fill(zeros(DataType.I32, 13), 3);
        copies(kernels);
        for (UnaryFunction f : UnaryFunction.values()) {
            kernels.unary(f, zeros(77), numbers(77));
            kernels.unary(f, zeros(3, 7), transposed(numbers(7, 3)));
            kernels.unaryGradient(f, zeros(77), numbers(77), numbers(77), numbers(77), false);
            NdArray repeated = stretched(numbers(7), 3, 7);
            kernels.unaryGradient(f, numbers(3, 7), transposed(numbers(7, 3)), repeated, numbers(3, 7), true);
        }
        for (BinaryFunction f : BinaryFunction.values()) {
            kernels.binary(f, zeros(77), numbers(77), numbers(77));
            kernels.binary(f, zeros(3, 7, 5), stretched(numbers(5), 3, 7, 5), stretched(numbers(3, 1, 1), 3, 7, 5));
        }
        NdArray inner = numbers(33);
        kernels.affine(inner, inner, 2, 1);
        kernels.affine(zeros(3, 7), transposed(numbers(7, 3)), 2, 1);
        kernels.accumulate(numbers(1), numbers(1), 2);
        kernels.accumulate(transposed(numbers(7, 3)), numbers(3, 7), 2);
        kernels.where(zeros(77), numbers(77), numbers(77), numbers(77));
        kernels.where(zeros(3, 7), stretched(numbers(7), 3, 7), numbers(3, 7), transposed(numbers(7, 3)));
    }

    private void copies(ElementwiseKernels kernels) {
        kernels.copy(zeros(77), numbers(77));
        kernels.copy(zeros(3, 7), transposed(numbers(7, 3)));
        NdArray halves = halves(3, 7);
        kernels.copy(zeros(3, 7), halves);
        kernels.copy(transposed(zeros(7, 3)), halves);
        kernels.copy(zeros(DataType.BF16, 7, 3), transposed(halves));
        kernels.copy(zeros(DataType.I32, 13), indices(5, 13));
    }

    private void reduction(ReductionKernels kernels) {
        kernels.sum(zeros(1), numbers(1), false);
        kernels.sum(zeros(3, 1), numbers(3, 7), false);
        kernels.sum(numbers(1, 7), numbers(3, 7), true);
        kernels.sum(zeros(1, 7, 1), numbers(13, 7, 3), false);
        kernels.sum(zeros(3, 1), transposed(numbers(13, 3)), false);
        // More than one part, and parts that begin inside a run.
        kernels.sum(numbers(1, 3, 1), numbers(33, 3, 17), true);
        kernels.max(zeros(1), numbers(600));
        kernels.max(zeros(3, 1), numbers(3, 33));
        kernels.sumOfSquares(numbers(1));
        kernels.sumOfSquares(numbers(13));
        kernels.sumOfSquares(numbers(4100));
        kernels.allFinite(numbers(3, 7));
        kernels.allFinite(numbers(300));
    }

    private void matmul(MatmulKernels kernels) {
        product(kernels, 1, 1, 1);
        product(kernels, 3, 7, 13);
        product(kernels, 13, 33, 17);
        // Whole tiles of the form for processors, or whole fours, and just more than one of the form for GPUs.
        kernels.matmul(zeros(8, 32), numbers(8, 16), numbers(16, 32), false);
        kernels.matmul(numbers(8, 32), numbers(8, 1), numbers(1, 32), true);
        kernels.matmul(zeros(65, 3), numbers(65, 17), numbers(17, 3), false);
        kernels.matmul(zeros(3, 65), transposed(numbers(17, 3)), transposed(numbers(65, 17)), false);

        kernels.matmul(zeros(3, 5, 7), numbers(3, 5, 9), stretched(numbers(9, 7), 3, 9, 7), false);
        kernels.matmul(zeros(3, 5, 7), numbers(3, 5, 9), numbers(3, 9, 7), false);
        kernels.matmul(numbers(2, 3, 5, 7), transposed(numbers(2, 3, 9, 5)), transposed(numbers(2, 3, 7, 9)), true);
        kernels.matmul(zeros(3, 5, 7), numbers(3, 5, 9), stretched(halves(9, 7), 3, 9, 7), false);

        ElementwiseKernels elementwise = backend.elementwise();
        NdArray a = numbers(3, 5);
        NdArray b = numbers(5, 7);
        NdArray bias = numbers(7);
        kernels.matmulBias(zeros(3, 7), a, b, bias, elementwise);
        kernels.matmulResidual(zeros(3, 7), a, b, bias, numbers(3, 7), elementwise);
        kernels.matmulActivated(zeros(3, 7), zeros(3, 7), a, b, bias, UnaryFunction.SILU, elementwise);
        kernels.matmulActivationGradient(zeros(3, 7), a, b, numbers(3, 7), UnaryFunction.SILU, elementwise);
    }

    /// The interpreter takes seconds for a tile. More than one, more than two slices, and runs that are whole vectors.
    private void emulated(MatmulKernels kernels) {
        product(kernels, 3, 7, 13);
        kernels.matmul(numbers(2, 3, 65), numbers(2, 3, 72), halves(2, 72, 65), true);
    }

    /// With every way in which operands may lie.
    private void product(MatmulKernels kernels, int m, int n, int k) {
        kernels.matmul(zeros(m, n), numbers(m, k), numbers(k, n), false);
        kernels.matmul(numbers(m, n), transposed(numbers(k, m)), numbers(k, n), true);
        kernels.matmul(zeros(m, n), numbers(m, k), transposed(numbers(n, k)), false);
        kernels.matmul(zeros(m, n), numbers(m, k), halves(k, n), false);
        kernels.matmul(zeros(m, n), transposed(numbers(k, m)), transposed(halves(n, k)), false);
    }

    private void index(IndexKernels kernels) {
        kernels.firstOutOfRange(onDevice(indices(5, 77)), 5, -1);
        kernels.firstOutOfRange(onDevice(indices(5, 77)), 3, -1);
        for (int columns : new int[] {1, 7, 65}) {
            kernels.gatherRows(zeros(13, columns), numbers(5, columns), indices(5, 13));
            kernels.gatherRows(zeros(13, columns), halves(5, columns), indices(5, 13));
            kernels.scatterAddRows(numbers(5, columns), indices(5, 13), numbers(13, columns));
        }
        for (int inner : new int[] {1, 7}) {
            kernels.gather(zeros(3, 13, inner), numbers(3, 5, inner), indices(5, 3, 13, inner));
            kernels.scatterAdd(numbers(3, 5, inner), indices(5, 3, 13, inner), numbers(3, 13, inner));
        }
    }

    private void softmax(SoftmaxKernels kernels) {
        for (int width : new int[] {1, 7, 33, 131}) {
            NdArray logits = numbers(3, width);
            kernels.softmax(logits, logits);
            kernels.softmax(zeros(3, width), logits);
            kernels.softmaxGradient(zeros(3, width), numbers(3, width), numbers(3, width), false);
            kernels.softmaxGradient(numbers(3, width), numbers(3, width), numbers(3, width), true);
            kernels.logSoftmax(zeros(3, width), numbers(3, width));
            kernels.logSoftmax(logits, logits);
            kernels.logSoftmaxGradient(zeros(3, width), numbers(3, width), numbers(3, width), false);
            kernels.logSoftmaxGradient(numbers(3, width), numbers(3, width), numbers(3, width), true);
        }
    }

    private void normalization(NormalizationKernels kernels) {
        for (int width : new int[] {1, 7, 33, 131}) {
            // More rows than a part of the weights' gradients has.
            int rows = width == 7 ? 33 : 3;
            NdArray weight = numbers(width);
            NdArray in = numbers(rows, width);
            NdArray dOut = numbers(rows, width);
            NdArray mean = zeros(rows);
            NdArray rstd = zeros(rows);
            kernels.layerNorm(zeros(rows, width), mean, rstd, in, weight, numbers(width), EPSILON);
            kernels.layerNormGradient(
                    zeros(rows, width), numbers(width), numbers(width), dOut, in, mean, rstd, weight, false);
            kernels.layerNormGradient(numbers(rows, width), null, null, dOut, in, mean, rstd, weight, true);
            kernels.layerNormGradient(null, null, numbers(width), dOut, in, mean, rstd, weight, true);
            kernels.rmsNorm(zeros(rows, width), zeros(rows), in, weight, EPSILON);
            kernels.rmsNormGradient(zeros(rows, width), numbers(width), dOut, in, rstd, weight, false);
            kernels.rmsNormGradient(dOut, null, dOut, in, rstd, weight, true);
        }
    }

    private void attention(AttentionKernels kernels) {
        attention(kernels, 1, 1, 1, 1, 1, 1);
        attention(kernels, 2, 3, 3, 7, 7, 5);
        attention(kernels, 2, 3, 3, 3, 13, 5);
        attention(kernels, 1, 1, 1, 65, 65, 3);
        attention(kernels, 2, 6, 2, 7, 13, 5);
    }

    /// Heads lie side by side in a row, as a projection leaves them.
    private void attention(
            AttentionKernels kernels, int batch, int heads, int keyHeads, int queries, int keys, int size) {
        NdArray q = heads(numbers(batch, queries, heads, size));
        NdArray k = heads(numbers(batch, keys, keyHeads, size));
        NdArray v = heads(numbers(batch, keys, keyHeads, size));
        NdArray out = heads(zeros(batch, queries, heads, size));
        NdArray logSumExp = zeros(batch, heads, queries);
        kernels.causalAttention(out, logSumExp, q, k, v, 0.5f);
        kernels.causalAttentionGradient(
                heads(zeros(batch, queries, heads, size)),
                heads(zeros(batch, keys, keyHeads, size)),
                zeros(batch, keyHeads, keys, size),
                heads(numbers(batch, queries, heads, size)),
                out,
                logSumExp,
                q,
                k,
                v,
                0.5f);
    }

    private static NdArray heads(NdArray array) {
        return array.with(array.layout().transpose(1, 2));
    }

    private void crossEntropy(CrossEntropyKernels kernels) {
        for (int width : new int[] {1, 7, 33, 131}) {
            NdArray logits = numbers(3, width);
            NdArray targets = indices(width, 3);
            NdArray logSumExp = zeros(3);
            kernels.crossEntropy(zeros(3), logSumExp, logits, targets, 0);
            kernels.crossEntropyGradient(zeros(3, width), numbers(3), logits, logSumExp, targets, 0, false);
            kernels.crossEntropyGradient(numbers(3, width), numbers(3), logits, logSumExp, targets, -1, true);
            kernels.crossEntropyGradient(logits, numbers(3), logits, logSumExp, targets, -1, false);
        }
    }

    private void rotary(RotaryKernels kernels) {
        for (Pairing pairing : Pairing.values()) {
            NdArray cos = numbers(7, 3);
            NdArray sin = numbers(7, 3);
            kernels.rotate(zeros(2, 3, 7, 6), heads(numbers(2, 7, 3, 6)), cos, sin, pairing, false);
            NdArray turned = numbers(7, 6);
            kernels.rotate(turned, turned, cos, sin, pairing, true);
        }
    }

    private void random(RandomKernels kernels) {
        for (int length : new int[] {1, 7, 300}) {
            kernels.uniform(zeros(length), RandomKey.of(1));
            kernels.normal(zeros(length), RandomKey.of(1));
            kernels.dropout(zeros(length), numbers(length), RandomKey.of(1), 0.5f, false);
            kernels.dropout(numbers(length), numbers(length), RandomKey.of(1), 0.5f, true);
        }
    }

    private void optimizer(OptimizerKernels kernels) {
        AdamWStep step = new AdamWStep(0.1f, 0.9f, 0.99f, 1e-8f, 0.1f, 0.5f, 1, RandomKey.of(1));
        kernels.adamW(numbers(1), numbers(1), numbers(1), numbers(1), step);
        kernels.adamW(numbers(77), numbers(77), numbers(77), numbers(77), step);
        kernels.adamW(numbers(77), numbers(77), halves(77), halves(77), step);
        kernels.adamW(halves(77), numbers(77), halves(77), halves(77), step);
        NdArray factor = numbers(1);
        kernels.clip(numbers(1), factor, List.of(numbers(3), numbers(5003)), 0.5f, backend.reduction());
        kernels.adamW(numbers(77), numbers(77), numbers(77), numbers(77), factor, step);
    }

    /// Numbers between 0.1 and 1.
    private NdArray numbers(int... shape) {
        float[] values = new float[Shape.of(shape).elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = 0.1f + 0.01f * (i * 37 % 90);
        }
        return kept(backend.upload(values), shape);
    }

    /// The same as bfloat16.
    private NdArray halves(int... shape) {
        NdArray halves = zeros(DataType.BF16, shape);
        backend.elementwise().copy(halves, numbers(shape));
        return halves;
    }

    /// Whole numbers below `limit`.
    private NdArray indices(int limit, int... shape) {
        int[] values = new int[Shape.of(shape).elements()];
        Arrays.setAll(values, i -> i * 37 % limit);
        return kept(backend.upload(values), shape);
    }

    /// A copy that the host knows nothing of.
    private NdArray onDevice(NdArray indices) {
        NdArray copy = zeros(DataType.I32, indices.shape().sizes());
        backend.elementwise().copy(copy, indices);
        return copy;
    }

    private NdArray zeros(int... shape) {
        return zeros(DataType.F32, shape);
    }

    private NdArray zeros(DataType type, int... shape) {
        return kept(backend.allocate(type, Shape.of(shape).elements()), shape);
    }

    private NdArray kept(Buffer buffer, int... shape) {
        NdArray array = NdArray.of(buffer, Shape.of(shape));
        kept.add(array);
        return array;
    }

    private static NdArray transposed(NdArray array) {
        return array.with(array.layout().transpose(-2, -1));
    }

    private static NdArray stretched(NdArray array, int... shape) {
        return array.with(array.layout().broadcastTo(Shape.of(shape)));
    }
}
