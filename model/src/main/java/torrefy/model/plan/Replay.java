package torrefy.model.plan;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
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
import torrefy.core.memory.Arena;
import torrefy.core.memory.DataType;
import torrefy.core.memory.NdArray;
import torrefy.core.shape.Shape;
import torrefy.model.plan.KernelCall.Absent;
import torrefy.model.plan.KernelCall.Operand;

/// Makes recorded calls come true: on arrays with memory, by a backend that computes.
///
/// Arrays hold ones, and ids that every table has: no kernel's time depends on its numbers, unless they are so small
/// that the processor computes them in another way, which ones never become.
final class Replay {

    private final Backend backend;
    private final Map<Class<?>, Object> families;
    private final Arena arena;

    Replay(Backend backend) {
        this.backend = backend;
        this.arena = new Arena(backend::allocate);
        this.families = Map.ofEntries(
                Map.entry(ElementwiseKernels.class, backend.elementwise()),
                Map.entry(ReductionKernels.class, backend.reduction()),
                Map.entry(MatmulKernels.class, backend.matmul()),
                Map.entry(IndexKernels.class, backend.index()),
                Map.entry(SoftmaxKernels.class, backend.softmax()),
                Map.entry(NormalizationKernels.class, backend.normalization()),
                Map.entry(AttentionKernels.class, backend.attention()),
                Map.entry(CrossEntropyKernels.class, backend.crossEntropy()),
                Map.entry(RotaryKernels.class, backend.rotary()),
                Map.entry(RandomKernels.class, backend.random()),
                Map.entry(OptimizerKernels.class, backend.optimizer()));
    }

    /// The seconds that one call takes.
    double seconds(KernelCall call) {
        return arena.step(() -> {
            Object[] arguments = arguments(call);
            Object family = families.get(call.kernel().getDeclaringClass());
            backend.finish();
            long start = System.nanoTime();
            invoke(call.kernel(), family, arguments);
            backend.finish();
            return (System.nanoTime() - start) / 1e9;
        });
    }

    private static void invoke(Method kernel, Object family, Object[] arguments) {
        try {
            kernel.invoke(family, arguments);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("a kernel that a step calls cannot be called alone: " + kernel, e);
        }
    }

    private Object[] arguments(KernelCall call) {
        Map<Integer, NdArray> memory = new HashMap<>();
        Map<Integer, Long> spans = new HashMap<>();
        call.operands().forEach(operand -> spans.merge(operand.buffer(), operand.span(), Math::max));
        int ids = idLimit(call);
        call.operands()
                .forEach(operand -> memory.computeIfAbsent(
                        operand.buffer(),
                        number -> filled(operand.type(), spans.get(number).intValue(), ids)));
        return call.arguments().stream()
                .map(argument -> switch (argument) {
                    case Operand operand -> memory.get(operand.buffer()).with(operand.layout());
                    case List<?> many ->
                        many.stream()
                                .map(each ->
                                        memory.get(((Operand) each).buffer()).with(((Operand) each).layout()))
                                .toList();
                    case Absent absent -> null;
                    case ElementwiseKernels unbacked -> backend.elementwise();
                    case ReductionKernels unbacked -> backend.reduction();
                    default -> argument;
                })
                .toArray();
    }

    private NdArray filled(DataType type, int length, int ids) {
        NdArray array = NdArray.of(arena.allocate(type, length), Shape.of(length));
        switch (type) {
            case F32 -> backend.elementwise().fill(array, 1);
            case I32 -> {
                int[] values = new int[length];
                for (int i = 0; i < length; i++) {
                    values[i] = i % ids;
                }
                backend.upload(values, array);
            }
            case BF16 -> {
                NdArray one = NdArray.of(arena.allocate(DataType.F32, 1), Shape.of(1));
                backend.elementwise().fill(one, 1);
                backend.elementwise().copy(array, one.with(one.layout().broadcastTo(array.shape())));
            }
        }
        return array;
    }

    /// No id that is smaller is out of range, whichever axis it counts along.
    private static int idLimit(KernelCall call) {
        return call.operands().stream()
                .filter(operand -> operand.type() != DataType.I32)
                .flatMapToInt(operand -> Arrays.stream(operand.shape().sizes()))
                .min()
                .orElse(1);
    }
}
