package torrefy.kernels;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.IdentityHashMap;
import java.util.Map;
import torrefy.core.backend.AttentionKernels;
import torrefy.core.backend.Backend;
import torrefy.core.backend.CrossEntropyKernels;
import torrefy.core.backend.ElementwiseKernels;
import torrefy.core.backend.IndexKernels;
import torrefy.core.backend.MatmulKernels;
import torrefy.core.backend.NormalizationKernels;
import torrefy.core.backend.OptimizerKernels;
import torrefy.core.backend.RandomKernels;
import torrefy.core.backend.ReductionKernels;
import torrefy.core.backend.RotaryKernels;
import torrefy.core.backend.SoftmaxKernels;
import torrefy.core.memory.Bfloat16;
import torrefy.core.memory.Buffer;
import torrefy.core.memory.DataType;
import torrefy.core.memory.NdArray;
import torrefy.core.shape.Shape;

/// A backend with a memory of its own, seen as one in the Java heap: before a kernel the arrays that it takes are
/// copied there, with all the memory around them, and afterwards back. So one contract suite serves every column, and
/// sees what a kernel does to memory that is none of its business.
final class MirroredBackend implements Backend {

    private final Backend device;

    MirroredBackend(Backend device) {
        this.device = device;
    }

    private <K> K mirrored(Class<K> family, K kernels) {
        InvocationHandler copyAround = (proxy, kernel, arguments) -> call(kernels, kernel, arguments);
        return family.cast(Proxy.newProxyInstance(family.getClassLoader(), new Class<?>[] {family}, copyAround));
    }

    private Object call(Object kernels, Method kernel, Object[] arguments) throws Throwable {
        Map<Object, NdArray> copies = new IdentityHashMap<>();
        Object[] there = arguments.clone();
        for (int i = 0; i < there.length; i++) {
            if (there[i] instanceof NdArray array) {
                there[i] = copy(array, copies);
            } else if (there[i] instanceof ElementwiseKernels) {
                there[i] = device.elementwise();
            }
        }
        Object result;
        try {
            result = kernel.invoke(kernels, there);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
        copies.forEach(this::copyBack);
        return result;
    }

    /// The same array over a copy of all its memory.
    private NdArray copy(NdArray array, Map<Object, NdArray> copies) {
        NdArray copy = copies.computeIfAbsent(memory(array), this::copyThere);
        int start = array.start() - array.layout().offset();
        return new NdArray(copy.buffer().slice(start, array.buffer().length()), array.layout());
    }

    private static Object memory(NdArray array) {
        return switch (array.type()) {
            case F32 -> array.floats();
            case I32 -> array.ints();
            case BF16 -> array.bfloat16s();
        };
    }

    private NdArray copyThere(Object memory) {
        return switch (memory) {
            case float[] floats -> NdArray.of(device.upload(floats), Shape.of(floats.length));
            case int[] ints -> NdArray.of(device.upload(ints), Shape.of(ints.length));
            case short[] halves -> {
                NdArray copy = NdArray.of(device.allocate(DataType.BF16, halves.length), Shape.of(halves.length));
                device.elementwise().copy(copy, copyThere(widened(halves)));
                yield copy;
            }
            default -> throw new AssertionError(memory.getClass());
        };
    }

    private static float[] widened(short[] halves) {
        float[] floats = new float[halves.length];
        for (int i = 0; i < halves.length; i++) {
            floats[i] = Bfloat16.toFloat(halves[i]);
        }
        return floats;
    }

    private void copyBack(Object memory, NdArray copy) {
        switch (memory) {
            case float[] floats -> device.download(copy, floats, 0);
            case int[] ints -> device.download(copy, ints, 0);
            case short[] halves -> {
                NdArray wide = NdArray.of(device.allocate(DataType.F32, halves.length), Shape.of(halves.length));
                device.elementwise().copy(wide, copy);
                float[] floats = new float[halves.length];
                device.download(wide, floats, 0);
                for (int i = 0; i < halves.length; i++) {
                    halves[i] = Bfloat16.fromFloat(floats[i]);
                }
            }
            default -> throw new AssertionError(memory.getClass());
        }
    }

    @Override
    public String name() {
        return device.name();
    }

    @Override
    public String description() {
        return device.description();
    }

    @Override
    public int threads() {
        return device.threads();
    }

    @Override
    public Buffer allocate(DataType type, int length) {
        return device.allocate(type, length);
    }

    @Override
    public Buffer upload(float[] values) {
        return device.upload(values);
    }

    @Override
    public Buffer upload(int[] values) {
        return device.upload(values);
    }

    @Override
    public void upload(int[] values, NdArray out) {
        device.upload(values, out);
    }

    @Override
    public void download(NdArray array, float[] out, int at) {
        device.download(array, out, at);
    }

    @Override
    public void download(NdArray array, int[] out, int at) {
        device.download(array, out, at);
    }

    @Override
    public ElementwiseKernels elementwise() {
        return mirrored(ElementwiseKernels.class, device.elementwise());
    }

    @Override
    public ReductionKernels reduction() {
        return mirrored(ReductionKernels.class, device.reduction());
    }

    @Override
    public MatmulKernels matmul() {
        return mirrored(MatmulKernels.class, device.matmul());
    }

    @Override
    public IndexKernels index() {
        return mirrored(IndexKernels.class, device.index());
    }

    @Override
    public SoftmaxKernels softmax() {
        return mirrored(SoftmaxKernels.class, device.softmax());
    }

    @Override
    public NormalizationKernels normalization() {
        return mirrored(NormalizationKernels.class, device.normalization());
    }

    @Override
    public AttentionKernels attention() {
        return mirrored(AttentionKernels.class, device.attention());
    }

    @Override
    public CrossEntropyKernels crossEntropy() {
        return mirrored(CrossEntropyKernels.class, device.crossEntropy());
    }

    @Override
    public RotaryKernels rotary() {
        return mirrored(RotaryKernels.class, device.rotary());
    }

    @Override
    public RandomKernels random() {
        return mirrored(RandomKernels.class, device.random());
    }

    @Override
    public OptimizerKernels optimizer() {
        return mirrored(OptimizerKernels.class, device.optimizer());
    }

    @Override
    public void close() {
        device.close();
    }
}
