package torrefy.tensor;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import torrefy.core.backend.Backend;
import torrefy.core.backend.Backends;
import torrefy.core.backend.RotaryKernels.Pairing;
import torrefy.core.backend.UnaryFunction;
import torrefy.core.memory.Arena;
import torrefy.core.memory.Buffer;
import torrefy.core.memory.DataType;
import torrefy.core.memory.NdArray;
import torrefy.core.random.RandomKey;
import torrefy.core.shape.Shape;
import torrefy.tensor.op.*;

/// An n-dimensional array that remembers how it was computed, so that gradients can be sent back through it.
///
/// A tensor is an [NdArray], the [Backend] that computes with it and, if a gradient is wanted, the [Op] that made it.
/// Each method here is one line that applies an op; the op's file has formula, shapes and gradient. Operations make
/// new tensors; reshaping, slicing, permuting and expanding make new views of the same memory. The few methods that
/// change memory in place say so in their name, and are refused where a gradient would become wrong.
///
/// Tensors are not for concurrent use, except for reading.
public sealed class Tensor permits Parameter {

    private static final AtomicLong CREATED = new AtomicLong();

    private final Backend backend;
    private final NdArray data;
    private final long number = CREATED.getAndIncrement();
    private final boolean leafWithGradient;
    /// Null where no op was recorded.
    private History history;

    private NdArray gradient;

    Tensor(Backend backend, NdArray data, boolean leafWithGradient) {
        this.backend = backend;
        this.data = data;
        this.leafWithGradient = leafWithGradient;
    }

    // ------------------------------------------------------------------------------------------------ making tensors

    /// `values` in row-major order on the standard backend; rank 1 if no shape is given.
    public static Tensor of(float[] values, int... shape) {
        return of(Backends.standard(), values, shape);
    }

    /// `values` in row-major order; rank 1 if no shape is given. The array may be shared, not copied.
    public static Tensor of(Backend backend, float[] values, int... shape) {
        Shape wanted = shapeFor(values.length, shape);
        return of(backend, NdArray.of(backend.upload(values), wanted));
    }

    /// Whole numbers (token ids, indices) in row-major order; rank 1 if no shape is given.
    public static Tensor of(Backend backend, int[] values, int... shape) {
        Shape wanted = shapeFor(values.length, shape);
        return of(backend, NdArray.of(backend.upload(values), wanted));
    }

    /// Whole numbers (token ids, indices) on the standard backend; rank 1 if no shape is given.
    public static Tensor of(int[] values, int... shape) {
        return of(Backends.standard(), values, shape);
    }

    /// A tensor over `data`, shared, not copied; no gradient is wanted for it.
    public static Tensor of(Backend backend, NdArray data) {
        return new Tensor(backend, data, false);
    }

    /// A single number, shape `()`.
    public static Tensor scalar(Backend backend, float value) {
        return of(backend, NdArray.of(backend.upload(new float[] {value}), Shape.SCALAR));
    }

    public static Tensor zeros(Backend backend, int... shape) {
        return full(backend, 0, shape);
    }

    public static Tensor full(Backend backend, float value, int... shape) {
        NdArray data = allocate(backend, Shape.of(shape));
        backend.elementwise().fill(data, value);
        return of(backend, data);
    }

    /// Uniform in [0, 1).
    public static Tensor uniform(Backend backend, RandomKey key, int... shape) {
        NdArray data = allocate(backend, Shape.of(shape));
        backend.random().uniform(data, key);
        return of(backend, data);
    }

    /// Standard normal.
    public static Tensor normal(Backend backend, RandomKey key, int... shape) {
        NdArray data = allocate(backend, Shape.of(shape));
        backend.random().normal(data, key);
        return of(backend, data);
    }

    /// Fresh `F32` memory for a result, contents unspecified: from the arena of the running step, else from the
    /// backend.
    public static NdArray allocate(Backend backend, Shape shape) {
        return allocate(backend, DataType.F32, shape);
    }

    /// Fresh memory for a result, contents unspecified: from the arena of the running step, else from the backend.
    public static NdArray allocate(Backend backend, DataType type, Shape shape) {
        Arena arena = Arena.current();
        Buffer buffer =
                arena == null ? backend.allocate(type, shape.elements()) : arena.allocate(type, shape.elements());
        return NdArray.of(buffer, shape);
    }

    /// Computes a tensor and, in an arena, gives back what was allocated for it on the way.
    public static Tensor scoped(Supplier<Tensor> computation) {
        Arena arena = Arena.current();
        return arena == null
                ? computation.get()
                : arena.scope(computation, tensor -> tensor.data().buffer());
    }

    /// Computes a tensor and [lets go][#letGo] of all that was recorded on the way to it. Nobody but the graph may read
    /// that afterwards.
    ///
    /// @return what `computation` returns
    public static Tensor lean(Supplier<Tensor> computation) {
        return History.lean(computation);
    }

    private static Shape shapeFor(int length, int[] sizes) {
        Shape shape = sizes.length == 0 ? Shape.of(length) : Shape.of(sizes);
        if (shape.elements() != length) {
            throw new IllegalArgumentException(
                    "shape " + shape + " needs " + shape.elements() + " values, got " + length);
        }
        return shape;
    }

    // ------------------------------------------------------------------------------------------------ looking at it

    public Shape shape() {
        return data.shape();
    }

    /// The size along `axis`; negative axes count from the end.
    public int size(int axis) {
        return data.size(axis);
    }

    public int rank() {
        return data.rank();
    }

    public DataType type() {
        return data.type();
    }

    public Backend backend() {
        return backend;
    }

    /// The memory and its layout. Throws if the arena it came from was reset.
    public NdArray data() {
        data.buffer().requireLive();
        return data;
    }

    /// The value of a tensor with one element.
    public float item() {
        if (shape().elements() != 1) {
            throw new IllegalArgumentException(
                    "item: shape " + shape() + " has " + shape().elements() + " elements, not 1");
        }
        return toFloats()[0];
    }

    /// A copy of the elements of an `F32` or `BF16` in row-major order.
    public float[] toFloats() {
        if (type() == DataType.I32) {
            throw new IllegalArgumentException("toFloats: a tensor of shape " + shape() + " holds I32; use toInts()");
        }
        NdArray dense = to(DataType.F32).contiguous().data();
        float[] out = new float[dense.elements()];
        backend.download(dense, out, 0);
        return out;
    }

    /// A copy of the elements of an `I32` in row-major order.
    public int[] toInts() {
        if (type() != DataType.I32) {
            throw new IllegalArgumentException(
                    "toInts: a tensor of shape " + shape() + " holds " + type() + "; use toFloats()");
        }
        int[] out = new int[shape().elements()];
        backend.download(contiguous().data(), out, 0);
        return out;
    }

    // ------------------------------------------------------------------------------------------------ gradients

    /// A leaf with the same memory for which backward computes a gradient. No backward gives that memory back.
    public Tensor withGradient() {
        if (type() != DataType.F32) {
            throw new IllegalArgumentException("gradients exist for F32 only, this tensor holds " + type());
        }
        if (data().buffer().isLeased()) {
            data.buffer().retain();
        }
        return new Tensor(backend, data, true);
    }

    /// The same memory without history. No backward gives it back: in an arena it lives until the step's end.
    public Tensor detach() {
        return new Tensor(backend, dataToKeep(), false);
    }

    /// The memory, held for good if backward would otherwise give it back.
    private NdArray dataToKeep() {
        if (origin() != null && data().buffer().isLeased()) {
            data.buffer().retain();
        }
        return data();
    }

    /// A copy in memory of its own, outside any arena, without history: what may outlive its step.
    public Tensor detachedCopy() {
        NdArray copy = NdArray.of(backend.allocate(type(), shape().elements()), shape());
        backend.elementwise().copy(copy, data());
        return of(backend, copy);
    }

    /// Whether backward sends a gradient here.
    public boolean requiresGradient() {
        return leafWithGradient || history != null;
    }

    /// The gradient that backward has added up for this leaf; null before the first backward. It lives as long as the
    /// leaf: for one whose memory came from an arena, until the step ends.
    public Tensor gradient() {
        return gradientData() == null ? null : of(backend, gradientData());
    }

    /// Sets the gradient of this leaf to zero.
    public void zeroGradient() {
        if (gradient != null) {
            backend.elementwise().fill(gradient, 0);
        }
    }

    /// Adds to the gradient of every leaf this single number was computed from: `∂this/∂leaf`.
    ///
    /// What the ops saved is let go on the way; a second backward through the same graph is refused. In an arena the
    /// memory of all that was computed on the way here goes back to it: who wants to look at an activation afterwards
    /// takes its [#detach] before.
    public void backward() {
        if (shape().elements() != 1) {
            throw new IllegalArgumentException(
                    "backward: shape " + shape() + " is not a single number; pass the gradient to begin with");
        }
        Tensor one = full(backend, 1, shape().sizes());
        one.data.buffer().retain();
        backward(one);
        one.data.buffer().release();
    }

    /// Adds to the gradient of every leaf: `Σ dThis·∂this/∂leaf`.
    ///
    /// @param dThis the gradient of the quantity of interest by this tensor; same shape
    public void backward(Tensor dThis) {
        Backpropagation.run(this, dThis);
    }

    /// Declares that `op` made this tensor. For ops, right after they computed it; does nothing if no input wants a
    /// gradient or recording is off.
    ///
    /// @return this
    public Tensor madeBy(Op op) {
        if (GradientMode.isOn() && op.wantsGradient()) {
            for (Tensor input : op.inputs()) {
                if (input.number >= number) {
                    throw new IllegalArgumentException("madeBy: " + op.label()
                            + " names an input of shape " + input.shape()
                            + " that is not older than its result; return a new tensor");
                }
            }
            if (origin() == null) {
                history = new History(this);
            }
            history.record(op);
        }
        return this;
    }

    /// Says that from now on nobody but the graph reads these values. If no op saved them, their memory goes back to
    /// the arena at once, not only when backward passes; a [#detach] taken before stays. Does nothing for a tensor
    /// that has no history, or without an arena.
    public void letGo() {
        if (history != null) {
            history.letGo();
        }
    }

    /// The op that made this tensor, or null: for a leaf, where no gradient is wanted, and after backward.
    public Op origin() {
        return history == null ? null : history.op();
    }

    /// Creation number: an input always has a smaller one than what was made of it.
    long number() {
        return number;
    }

    /// Null where no op was recorded.
    History history() {
        return history;
    }

    /// The memory, whether or not it may still be used.
    Buffer buffer() {
        return data.buffer();
    }

    NdArray gradientData() {
        return gradient;
    }

    void setGradient(NdArray gradient) {
        this.gradient = gradient;
    }

    // ------------------------------------------------------------------------------------------------ in place

    /// Overwrites the elements with those of `source`, in place.
    public void copyInPlace(Tensor source) {
        NdArray from = sourceOfChange("copyInPlace", source);
        beginChange("copyInPlace");
        backend.elementwise().copy(data(), from);
    }

    /// Overwrites every element, in place.
    public void fillInPlace(float value) {
        beginChange("fillInPlace");
        backend.elementwise().fill(data(), value);
    }

    /// Adds `scale·source`, in place.
    public void addInPlace(Tensor source, float scale) {
        NdArray from = sourceOfChange("addInPlace", source);
        beginChange("addInPlace");
        backend.elementwise().accumulate(data(), from, scale);
    }

    /// The elements of `source` in the shape of this, in memory that this does not share.
    private NdArray sourceOfChange(String method, Tensor source) {
        if (source.backend != backend || source.type() != type()) {
            throw new IllegalArgumentException(method + ": the source holds " + source.type() + " on "
                    + source.backend.name() + ", this tensor " + type() + " on " + backend.name());
        }
        if (GradientMode.isOn() && source.requiresGradient()) {
            throw new IllegalStateException(method + ": the source of shape " + source.shape()
                    + " wants a gradient, which would not come through; pass source.detach()");
        }
        NdArray from = source.expand(shape()).data();
        return from.buffer() == data.buffer() ? of(backend, from).detachedCopy().data : from;
    }

    private void beginChange(String method) {
        if (GradientMode.isOn() && requiresGradient()) {
            throw new IllegalStateException(method + ": a tensor of shape " + shape()
                    + " for which a gradient is wanted is not changed in place; use GradientMode.off(...) or detach()");
        }
        for (int axis = 0; axis < rank(); axis++) {
            if (size(axis) > 1 && data.stride(axis) == 0) {
                throw new IllegalStateException(method + ": the elements of a tensor of shape " + shape()
                        + " share memory along axis " + axis + ", which was expanded; change a detachedCopy()");
            }
        }
        data.buffer().changed();
    }

    // ------------------------------------------------------------------------------------------------ arithmetic

    public Tensor add(Tensor other) {
        return Add.apply(this, other);
    }

    public Tensor add(float shift) {
        return Affine.apply(this, 1, shift);
    }

    public Tensor subtract(Tensor other) {
        return Subtract.apply(this, other);
    }

    public Tensor subtract(float shift) {
        return Affine.apply(this, 1, -shift);
    }

    public Tensor multiply(Tensor other) {
        return Multiply.apply(this, other);
    }

    public Tensor multiply(float scale) {
        return Affine.apply(this, scale, 0);
    }

    public Tensor divide(Tensor other) {
        return Divide.apply(this, other);
    }

    public Tensor divide(float divisor) {
        return Affine.apply(this, 1 / divisor, 0);
    }

    /// `thisᵉˣᵖᵒⁿᵉⁿᵗ`, element by element.
    public Tensor pow(Tensor exponent) {
        return Power.apply(this, exponent);
    }

    public Tensor pow(float exponent) {
        return Power.apply(this, scalar(backend, exponent));
    }

    public Tensor maximum(Tensor other) {
        return Maximum.apply(this, other);
    }

    public Tensor minimum(Tensor other) {
        return Minimum.apply(this, other);
    }

    /// 1 where this is greater than `other`, else 0; no gradient.
    public Tensor greater(Tensor other) {
        return Comparison.greater(this, other);
    }

    /// 1 where both are equal, else 0; no gradient.
    public Tensor equalTo(Tensor other) {
        return Comparison.equal(this, other);
    }

    /// `a` where this is not 0, else `b`.
    public Tensor where(Tensor a, Tensor b) {
        return Where.apply(this, a, b);
    }

    public Tensor negate() {
        return Unary.apply(UnaryFunction.NEGATE, this);
    }

    public Tensor exp() {
        return Unary.apply(UnaryFunction.EXP, this);
    }

    /// The natural logarithm.
    public Tensor log() {
        return Unary.apply(UnaryFunction.LOG, this);
    }

    public Tensor sqrt() {
        return Unary.apply(UnaryFunction.SQRT, this);
    }

    public Tensor reciprocal() {
        return Unary.apply(UnaryFunction.RECIPROCAL, this);
    }

    public Tensor abs() {
        return Unary.apply(UnaryFunction.ABS, this);
    }

    public Tensor tanh() {
        return Unary.apply(UnaryFunction.TANH, this);
    }

    public Tensor sigmoid() {
        return Unary.apply(UnaryFunction.SIGMOID, this);
    }

    public Tensor relu() {
        return Unary.apply(UnaryFunction.RELU, this);
    }

    /// GELU in its tanh form, GPT-2's.
    public Tensor gelu() {
        return Unary.apply(UnaryFunction.GELU_TANH, this);
    }

    /// GELU in its exact form.
    public Tensor geluErf() {
        return Unary.apply(UnaryFunction.GELU_ERF, this);
    }

    public Tensor silu() {
        return Unary.apply(UnaryFunction.SILU, this);
    }

    // ------------------------------------------------------------------------------------------------ reductions

    /// The sum over `axes`, which are dropped; over all elements if none is named.
    public Tensor sum(int... axes) {
        return Sum.apply(this, axes).reshape(shape().without(axes));
    }

    /// The mean over `axes`, which are dropped; over all elements if none is named.
    public Tensor mean(int... axes) {
        Tensor sum = sum(axes);
        return sum.multiply((float) ((double) sum.shape().elements() / shape().elements()));
    }

    /// The largest element over `axes`, which are dropped; over all elements if none is named. Equal maxima share the
    /// gradient.
    public Tensor max(int... axes) {
        return Max.apply(this, axes).reshape(shape().without(axes));
    }

    /// The mean squared distance from the mean over `axes`, which are dropped; over all elements if none is named.
    /// Divides by the number of elements n; for the unbiased estimate multiply by `n/(n − 1)`.
    public Tensor variance(int... axes) {
        Tensor mean = mean(axes).reshape(shape().reduced(axes));
        Tensor distance = subtract(mean);
        return distance.multiply(distance).mean(axes);
    }

    // ------------------------------------------------------------------------------------------------ matrices

    /// The matrix product over the last two axes, batched over the ones before, which broadcast.
    public Tensor matmul(Tensor other) {
        return Matmul.apply(this, other);
    }

    /// `this·weight + bias`: shapes `(…, K)`, `(K, N)`, `(N)` or null.
    public Tensor linear(Tensor weight, Tensor bias) {
        return Linear.apply(this, weight, bias, null);
    }

    /// `residual + this·weight + bias`: shapes `(…, N)`, `(…, K)`, `(K, N)`, `(N)` or null.
    public Tensor linear(Tensor weight, Tensor bias, Tensor residual) {
        return Linear.apply(this, weight, bias, residual);
    }

    // ------------------------------------------------------------------------------------------------ shape

    public Tensor reshape(int... sizes) {
        return reshape(Shape.of(sizes));
    }

    /// The same elements in row-major order; a view where strides allow, else a copy.
    public Tensor reshape(Shape shape) {
        return shape.equals(shape()) ? this : Reshape.apply(this, shape);
    }

    /// Swaps two axes; a view.
    public Tensor transpose(int axisA, int axisB) {
        int[] order = new int[rank()];
        Arrays.setAll(order, i -> i);
        order[shape().axis(axisA)] = shape().axis(axisB);
        order[shape().axis(axisB)] = shape().axis(axisA);
        return permute(order);
    }

    /// Reorders the axes: axis `i` of the result is axis `order[i]` of this; a view.
    public Tensor permute(int... order) {
        return Permute.apply(this, order);
    }

    /// The elements `from` (inclusive) to `to` (exclusive) along `axis`; a view.
    public Tensor slice(int axis, int from, int to) {
        return Slice.apply(this, axis, from, to);
    }

    /// Cuts `axis` into `parts` of equal size; views.
    public List<Tensor> split(int axis, int parts) {
        return Slice.split(this, axis, parts);
    }

    /// Stretches axes of size 1, and adds axes in front, to reach `shape`; a view.
    public Tensor expand(Shape shape) {
        return shape.equals(shape()) ? this : Expand.apply(this, shape);
    }

    public Tensor expand(int... sizes) {
        return expand(Shape.of(sizes));
    }

    /// Joins tensors along `axis`.
    public static Tensor concat(int axis, Tensor... parts) {
        return Concat.apply(axis, List.of(parts));
    }

    /// This, if its elements lie in row-major order without gaps; else a copy that does.
    public Tensor contiguous() {
        return data.isContiguous() ? this : Copy.apply(this);
    }

    /// The same numbers stored as `type`; this, if it is of that type already. The gradient passes as it is.
    public Tensor to(DataType type) {
        if (type == type()) {
            return this;
        }
        if (type == DataType.I32 || type() == DataType.I32) {
            throw new IllegalArgumentException("to: " + type() + " does not convert to " + type);
        }
        return Convert.apply(this, type);
    }

    // ------------------------------------------------------------------------------------------------ indexing

    /// The rows of this table at `indices`: `(V, C)` and `(…)` give `(…, C)`.
    public Tensor embedding(Tensor indices) {
        return Embedding.apply(this, indices);
    }

    /// Elements picked along `axis`: `out[…, i, …] = this[…, indices[…, i, …], …]`.
    public Tensor gather(int axis, Tensor indices) {
        return Gather.apply(this, axis, indices);
    }

    /// A copy of this to which elements of `source` are added: `out[…, indices[…, i, …], …] += source[…, i, …]`.
    public Tensor scatterAdd(int axis, Tensor indices, Tensor source) {
        return ScatterAdd.apply(this, axis, indices, source);
    }

    // ------------------------------------------------------------------------------------------------ networks

    /// Softmax over the innermost axis.
    public Tensor softmax() {
        return Softmax.apply(this);
    }

    /// The logarithm of [#softmax], without its underflow.
    public Tensor logSoftmax() {
        return LogSoftmax.apply(this);
    }

    /// Normalization to mean 0 and variance 1 over the innermost axis, then `·weight + bias`.
    public Tensor layerNorm(Tensor weight, Tensor bias, float epsilon) {
        return LayerNorm.apply(this, weight, bias, epsilon);
    }

    /// Normalization to mean square 1 over the innermost axis, then `·weight`.
    public Tensor rmsNorm(Tensor weight, float epsilon) {
        return RmsNorm.apply(this, weight, epsilon);
    }

    /// Zeroes each element with the given probability and scales the others up to keep the mean.
    public Tensor dropout(float probability, RandomKey key) {
        return probability == 0 ? this : Dropout.apply(this, probability, key);
    }

    /// Rotates pairs of elements by their position's angles; see [Rotary].
    public Tensor rotary(Tensor cos, Tensor sin, Pairing pairing) {
        return Rotary.apply(this, cos, sin, pairing);
    }

    /// Causal attention of these queries `(B, H, T, D)` over keys and values `(B, G, S, D)`, H a multiple of G.
    public Tensor causalAttention(Tensor keys, Tensor values) {
        return causalAttention(keys, values, null);
    }

    /// The same, of as many queries as keys, none of which looks beyond the beginning of its segment; null for one
    /// segment that is the whole sequence.
    public Tensor causalAttention(Tensor keys, Tensor values, Segments segments) {
        return CausalAttention.apply(this, keys, values, segments);
    }

    /// Causal attention of a projection `(B, T, 3C)`, queries, keys and values side by side, to itself: `(B, T, C)`.
    public Tensor selfAttention(int heads) {
        return selfAttention(heads, null);
    }

    /// The same, where nothing looks beyond the beginning of its segment; null for one that is the whole sequence.
    public Tensor selfAttention(int heads, Segments segments) {
        return SelfAttention.apply(this, heads, segments);
    }

    /// `residual + f(this·up + upBias)·down + downBias`, see [FeedForward]; biases and residual may be null.
    public Tensor feedForward(
            Tensor up, Tensor upBias, UnaryFunction f, Tensor down, Tensor downBias, Tensor residual) {
        return FeedForward.apply(this, up, upBias, f, down, downBias, residual);
    }

    /// `residual + (f(this·gate + gateBias) ⊙ (this·up + upBias))·down + downBias`, see [GatedFeedForward]; biases and
    /// residual may be null.
    public Tensor gatedFeedForward(
            Tensor gate,
            Tensor gateBias,
            Tensor up,
            Tensor upBias,
            UnaryFunction f,
            Tensor down,
            Tensor downBias,
            Tensor residual) {
        return GatedFeedForward.apply(this, gate, gateBias, up, upBias, f, down, downBias, residual);
    }

    /// The mean negative log-likelihood of `targets` under these logits `(…, V)`; targets equal to `ignore` do not
    /// count.
    public Tensor crossEntropy(Tensor targets, int ignore) {
        return CrossEntropy.apply(this, targets, ignore);
    }

    /// [#crossEntropy] of the logits `this·headᵀ`, with `this (…, C)` and `head (V, C)`, without ever holding all of
    /// them.
    public Tensor headCrossEntropy(Tensor head, Tensor targets, int ignore) {
        return HeadCrossEntropy.apply(this, head, targets, ignore);
    }

    @Override
    public String toString() {
        String values = "";
        if (shape().elements() <= 16) {
            values = " " + (type() == DataType.I32 ? Arrays.toString(toInts()) : Arrays.toString(toFloats()));
        }
        return "Tensor " + type() + " " + shape() + values;
    }
}
