package torrefy.model.plan;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import torrefy.core.backend.AttentionKernels;
import torrefy.core.backend.MatmulKernels;
import torrefy.core.backend.OptimizerKernels;
import torrefy.core.memory.NdArray;
import torrefy.core.shape.Layout;
import torrefy.core.shape.Shape;

/// One call of a kernel that a step makes: which kernel, and arrays of which shapes. Two calls are equal if they do the
/// same work, wherever their arrays lie.
public final class KernelCall {

    /// What a kernel's time depends on.
    public enum Kind {
        /// Multiply-adds, and how far they keep the machine busy at the product's sizes.
        PRODUCT("matrix products"),
        /// The same with the exponentials between two products.
        ATTENTION("attention"),
        /// The bytes that go through it.
        ROWS("row and elementwise kernels"),
        /// The bytes of weights, gradients and moments, once a step.
        UPDATE("clipping and AdamW");

        private final String title;

        Kind(String title) {
            this.title = title;
        }

        /// For people.
        public String title() {
            return title;
        }
    }

    private static final int HALVINGS = 24;

    private final Method kernel;
    private final List<Object> arguments;
    private final String signature;

    private KernelCall(Method kernel, List<Object> arguments) {
        this.kernel = kernel;
        this.arguments = arguments;
        this.signature = kernel.getDeclaringClass().getSimpleName() + "." + kernel.getName() + " "
                + arguments.stream().map(KernelCall::distinction).collect(Collectors.joining(" "));
    }

    /// What [torrefy.core.backend.PlanningBackend] heard of.
    static KernelCall of(Method kernel, Object[] arguments) {
        List<Object> recorded = new ArrayList<>();
        OperandList operands = new OperandList();
        for (Object argument : arguments) {
            recorded.add(
                    switch (argument) {
                        case NdArray array -> operands.record(array);
                        case List<?> arrays ->
                            arrays.stream()
                                    .map(NdArray.class::cast)
                                    .map(operands::record)
                                    .toList();
                        case null -> Absent.INSTANCE;
                        default -> argument;
                    });
        }
        return new KernelCall(kernel, List.copyOf(recorded));
    }

    /// Stands for null.
    enum Absent {
        INSTANCE
    }

    /// Gives the buffers of one call their numbers.
    private static final class OperandList {
        private final List<Object> buffers = new ArrayList<>();

        Operand record(NdArray array) {
            int number = buffers.indexOf(array.buffer());
            if (number < 0) {
                number = buffers.size();
                buffers.add(array.buffer());
            }
            return new Operand(number, array.type(), array.layout());
        }
    }

    /// What of an argument makes two calls different: shapes, strides and switches, not numbers nor keys.
    private static String distinction(Object argument) {
        return switch (argument) {
            case Operand operand -> operand.signature();
            case List<?> many -> many.stream().map(KernelCall::distinction).collect(Collectors.joining("+"));
            case Boolean switched -> switched.toString();
            case Enum<?> choice -> choice.toString();
            default -> "·";
        };
    }

    public Kind kind() {
        Class<?> family = kernel.getDeclaringClass();
        if (family == MatmulKernels.class) {
            return Kind.PRODUCT;
        }
        if (family == AttentionKernels.class) {
            return Kind.ATTENTION;
        }
        return family == OptimizerKernels.class ? Kind.UPDATE : Kind.ROWS;
    }

    Method kernel() {
        return kernel;
    }

    /// [Operand], `List<Operand>`, [Absent], or the argument itself.
    List<Object> arguments() {
        return arguments;
    }

    /// All arrays, outputs first.
    List<Operand> operands() {
        List<Operand> all = new ArrayList<>();
        for (Object argument : arguments) {
            if (argument instanceof Operand operand) {
                all.add(operand);
            } else if (argument instanceof List<?> many) {
                many.forEach(each -> all.add((Operand) each));
            }
        }
        return all;
    }

    /// Floating-point operations of a product or of attention, a multiply-add counted as two; 0 of other kernels, whose
    /// time is their bytes'.
    ///
    /// A product `(…, m, k)·(…, k, n)` takes `2·m·n·k`. Attention takes two products of half of T × S positions, the
    /// other half being masked: `2·B·H·T·S·D`; its gradient twice that, what it computes again not counted.
    public double flops() {
        return switch (kind()) {
            case PRODUCT -> productFlops();
            case ATTENTION -> {
                Operand out = operands().get(0);
                double keys = operands().stream()
                        .filter(operand -> operand.shape().rank() == 4)
                        .mapToInt(operand -> operand.shape().size(2))
                        .max()
                        .orElse(0);
                double once = 2.0 * out.shape().elements() * keys;
                yield kernel.getName().endsWith("Gradient") ? 2 * once : once;
            }
            default -> 0;
        };
    }

    private double productFlops() {
        List<Operand> all = operands();
        Shape out = all.get(0).shape();
        for (int i = 1; i + 1 < all.size(); i++) {
            Shape a = all.get(i).shape();
            Shape b = all.get(i + 1).shape();
            if (a.rank() >= 2
                    && b.rank() >= 2
                    && a.size(-2) == out.size(-2)
                    && b.size(-1) == out.size(-1)
                    && a.size(-1) == b.size(-2)) {
                return 2.0 * out.elements() * a.size(-1);
            }
        }
        return 0;
    }

    /// Bytes in all arrays, each counted once.
    public double bytes() {
        return operands().stream().distinct().mapToDouble(Operand::bytes).sum();
    }

    /// By what this call's time grows with its sizes: its FLOPs, else its bytes.
    double work() {
        return flops() > 0 ? flops() : bytes();
    }

    /// The same call, smaller: with at most `share` of its work, one row at least. Work may grow with the square of the
    /// sizes or their cube: they are found by halving.
    KernelCall cut(double share) {
        double least = 0;
        double most = 1;
        for (int i = 0; i < HALVINGS; i++) {
            double middle = (least + most) / 2;
            boolean isTooMuch = smaller(middle).work() > share * work();
            most = isTooMuch ? middle : most;
            least = isTooMuch ? least : middle;
        }
        return smaller(least);
    }

    private KernelCall smaller(double share) {
        return switch (kind()) {
            case PRODUCT -> product(share);
            case ATTENTION -> sequences(share);
            default -> rows(share);
        };
    }

    /// A product with no axis longer than `share` of its longest. What is cut first is what it has most of: its rows,
    /// its columns, or of the gradient of weights the inner axis; so what is left is multiplied in the same way. A few
    /// rows of it would be multiplied in another way, which reads all the weights for them.
    private KernelCall product(double share) {
        int longest = operands().stream()
                .flatMapToInt(operand -> Arrays.stream(operand.shape().sizes()))
                .max()
                .orElse(1);
        int most = (int) Math.max(1, share * longest);
        return with(operand -> operand.capped(most));
    }

    /// With fewer rows: every axis that is as long as the first operand's first is cut to `share` of it.
    private KernelCall rows(double share) {
        int size = operands().get(0).shape().rank() == 0
                ? 1
                : operands().get(0).shape().size(0);
        return new KernelCall(
                kernel,
                arguments.stream()
                        .map(argument -> switch (argument) {
                            case Operand operand -> operand.cut(size, share);
                            case List<?> many ->
                                many.stream()
                                        .map(each -> ((Operand) each)
                                                .cut(((Operand) each).shape().size(0), share))
                                        .toList();
                            default -> argument;
                        })
                        .toList());
    }

    /// Attention (B, H, T, D) over fewer sequences, or if that is fewer than one, over fewer positions of it. There may
    /// be as many heads as sequences, and fewer of keys: they all stay.
    private KernelCall sequences(double share) {
        Shape out = operands().get(0).shape();
        double ofOne = Math.min(1, share * out.size(0));
        return with(operand -> operand.cut(0, out.size(0), share).cut(2, out.size(2), ofOne));
    }

    /// On other arrays.
    private KernelCall with(UnaryOperator<Operand> change) {
        return new KernelCall(
                kernel,
                arguments.stream()
                        .map(argument -> argument instanceof Operand operand ? change.apply(operand) : argument)
                        .toList());
    }

    /// For people: the kernel and the sizes that matter.
    public String description() {
        List<Operand> all = operands();
        String shape = all.isEmpty()
                ? ""
                : all.get(0).shape().toString().replaceAll("[()]", "").replace(", ", " x ");
        if (kind() == Kind.PRODUCT && flops() > 0) {
            shape += " x " + Math.round(flops() / 2 / all.get(0).shape().elements());
        }
        if (kind() == Kind.ROWS && all.size() > 1) {
            Operand largest = all.stream()
                    .max((x, y) -> Double.compare(x.bytes(), y.bytes()))
                    .orElseThrow();
            shape = largest.shape().toString().replaceAll("[()]", "").replace(", ", " x ");
        }
        return kernel.getName() + " " + shape;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof KernelCall call && call.signature.equals(signature);
    }

    @Override
    public int hashCode() {
        return Objects.hashCode(signature);
    }

    @Override
    public String toString() {
        return signature;
    }

    /// An array of a call.
    ///
    /// @param buffer number of its memory in the call: two arrays may look at one
    record Operand(int buffer, torrefy.core.memory.DataType type, Layout layout) {

        Shape shape() {
            return layout.shape();
        }

        /// Of the elements that it reaches, those that a stride of 0 repeats counted once.
        double bytes() {
            double elements = 1;
            for (int axis = 0; axis < shape().rank(); axis++) {
                elements *= layout.stride(axis) == 0 ? 1 : shape().size(axis);
            }
            return elements * type.bytes();
        }

        /// The elements that the memory behind it needs.
        long span() {
            long last = layout.offset();
            for (int axis = 0; axis < shape().rank(); axis++) {
                last += (long) Math.max(0, shape().size(axis) - 1) * layout.stride(axis);
            }
            return last + 1;
        }

        /// With `share` of each axis that is `size` long, 1 at least.
        Operand cut(int size, double share) {
            Operand less = this;
            for (int axis = 0; axis < shape().rank(); axis++) {
                less = less.cut(axis, size, share);
            }
            return less;
        }

        /// With `share` of that axis, if it is `size` long, 1 at least.
        Operand cut(int axis, int size, double share) {
            return axis < shape().rank() && shape().size(axis) == size
                    ? new Operand(buffer, type, layout.slice(axis, 0, (int) Math.max(1, size * share)))
                    : this;
        }

        /// With no axis longer than `most`. If one was, what is left lies close together, its axes in the same order.
        Operand capped(int most) {
            if (Arrays.stream(shape().sizes()).allMatch(size -> size <= most)) {
                return this;
            }
            int[] outermostFirst = IntStream.range(0, shape().rank())
                    .boxed()
                    .sorted(Comparator.comparingInt(axis -> -layout.stride(axis)))
                    .mapToInt(Integer::intValue)
                    .toArray();
            int[] sizes = new int[shape().rank()];
            int[] backAgain = new int[shape().rank()];
            for (int i = 0; i < sizes.length; i++) {
                int axis = outermostFirst[i];
                sizes[i] = layout.stride(axis) == 0 ? 1 : Math.min(most, shape().size(axis));
                backAgain[axis] = i;
            }
            int[] capped = Arrays.stream(shape().sizes())
                    .map(size -> Math.min(most, size))
                    .toArray();
            Layout close = Layout.contiguous(Shape.of(sizes)).permute(backAgain);
            return new Operand(buffer, type, close.broadcastTo(Shape.of(capped)));
        }

        String signature() {
            StringBuilder strides = new StringBuilder();
            for (int axis = 0; axis < shape().rank(); axis++) {
                strides.append(axis == 0 ? "" : ",").append(layout.stride(axis));
            }
            return buffer + ":" + type + shape() + "/" + strides;
        }
    }
}
