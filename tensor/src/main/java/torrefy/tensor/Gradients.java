package torrefy.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import torrefy.core.backend.Backend;
import torrefy.core.memory.Buffer;
import torrefy.core.memory.NdArray;
import torrefy.core.shape.Broadcast;
import torrefy.core.shape.Shape;

/// The gradients under way during one backward. Ops *add* to them: a tensor that was used twice gets the sum.
///
/// The gradient of a leaf goes to memory that lives as long as the leaf's; that of any other tensor lives from the
/// first addition until the tensor's own op was visited. Several tensors may share one gradient's memory, as both terms
/// of a sum do: every one of them holds it, and whoever wants to add to memory that others hold as well copies it
/// first.
public final class Gradients {

    /// Computes a gradient into given memory.
    @FunctionalInterface
    public interface Kernel {
        /// @param dTensor receives the gradient; contiguous
        /// @param accumulate whether to add to what is there, rather than assign
        void write(NdArray dTensor, boolean accumulate);
    }

    /// What is to be computed again, from `inputs`, to send `dOut` through it; until then somebody holds `held`.
    private record Segment(
            Function<List<Tensor>, Tensor> function, List<Tensor> inputs, Tensor dOut, List<Buffer> held) {}

    private final Map<Tensor, NdArray> pending = new IdentityHashMap<>();
    private final List<Segment> segments = new ArrayList<>();
    /// Leaves that a segment was cut off at, and the tensors behind the cut.
    private final Map<Tensor, Tensor> behindCut = new IdentityHashMap<>();

    Gradients() {}

    /// Whether a gradient for `tensor` is of use to anyone.
    public boolean wanted(Tensor tensor) {
        return tensor.requiresGradient();
    }

    /// Adds `d`. Where `tensor` was broadcast to the shape of `d`, sums over the repeated axes.
    public void add(Tensor tensor, Tensor d) {
        if (!wanted(tensor)) {
            return;
        }
        if (!tensor.shape().equals(d.shape())) {
            if (!Broadcast.fits(tensor.shape(), d.shape())) {
                throw new IllegalArgumentException("backward: a gradient of shape " + d.shape()
                        + " does not belong to a tensor of shape " + tensor.shape());
            }
            into(tensor, (dTensor, accumulate) -> sumToShape(tensor.backend(), dTensor, d.data(), accumulate));
            return;
        }
        Tensor target = behindCut.getOrDefault(tensor, tensor);
        if (present(target) != null) {
            target.backend().elementwise().accumulate(writable(target, false), d.data(), 1);
        } else {
            NdArray fresh = Tensor.allocate(target.backend(), target.shape());
            target.backend().elementwise().copy(fresh, d.data());
            put(target, fresh);
        }
    }

    /// Adds `d`, which the caller made in backward, or is the `dOut` it was handed: it may be kept instead of copied,
    /// and
    /// is not to be written to afterwards. No two elements of `d` share memory.
    public void give(Tensor tensor, Tensor d) {
        Tensor target = behindCut.getOrDefault(tensor, tensor);
        if (wanted(target) && target.shape().equals(d.shape()) && present(target) == null) {
            put(target, d.data());
        } else {
            add(target, d);
        }
    }

    /// Has `kernel` compute the gradient straight into its place, if it is wanted.
    public void into(Tensor tensor, Kernel kernel) {
        if (!wanted(tensor)) {
            return;
        }
        Tensor target = behindCut.getOrDefault(tensor, tensor);
        if (present(target) == null) {
            NdArray fresh = Tensor.allocate(target.backend(), target.shape());
            kernel.write(fresh, false);
            put(target, fresh);
        } else {
            kernel.write(writable(target, true), true);
        }
    }

    /// The memory to add the gradient to, or null if it is not wanted. Contiguous; zeros if nothing was added yet.
    public NdArray accumulator(Tensor tensor) {
        if (!wanted(tensor)) {
            return null;
        }
        Tensor target = behindCut.getOrDefault(tensor, tensor);
        if (present(target) == null) {
            NdArray zeros = Tensor.allocate(target.backend(), target.shape());
            target.backend().elementwise().fill(zeros, 0);
            put(target, zeros);
        }
        return writable(target, true);
    }

    /// Once the op that calls this was visited, computes `segment` from `inputs` with recording, and has `dOut`, the
    /// gradient of its result, sent back through it: the inputs get what arrives at them, and so do tensors that the
    /// segment uses beside them.
    public void through(Function<List<Tensor>, Tensor> segment, List<Tensor> inputs, Tensor dOut) {
        List<Buffer> held = new ArrayList<>();
        held.add(dOut.data().buffer());
        // What the calling op holds it lets go of before the segment is computed.
        inputs.stream()
                .map(input -> input.data().buffer())
                .filter(buffer -> buffer.holders() > 0)
                .forEach(held::add);
        held.forEach(Buffer::retain);
        segments.add(new Segment(segment, inputs, dOut, held));
    }

    /// Computes the segments that gradients are to be sent [#through] and gives their results the gradients.
    ///
    /// @return the results that want one: they are to be visited
    List<Tensor> computeSegments() {
        if (segments.isEmpty()) {
            return List.of();
        }
        List<Tensor> results = new ArrayList<>();
        for (Segment segment : segments) {
            List<Tensor> leaves = segment.inputs.stream().map(this::cut).toList();
            Tensor out = GradientMode.on(() -> segment.function.apply(leaves));
            if (out.requiresGradient()) {
                give(out, segment.dOut);
                results.add(out);
            }
            // By now the ops inside hold what they need.
            segment.held.forEach(Buffer::release);
        }
        segments.clear();
        return results;
    }

    /// A leaf in place of a computed tensor, whose gradients are for that tensor; a leaf itself.
    private Tensor cut(Tensor input) {
        if (input.origin() == null) {
            return input;
        }
        Tensor leaf = new Tensor(input.backend(), input.data(), true);
        behindCut.put(leaf, input);
        return leaf;
    }

    /// Takes out the finished gradient of `tensor`; null if nothing was added. The caller holds its memory from now on.
    Tensor take(Tensor tensor) {
        NdArray finished = pending.remove(tensor);
        return finished == null ? null : Tensor.of(tensor.backend(), finished);
    }

    /// Where the gradient of `tensor` is being added up; null for one that has none yet and is not a leaf.
    private NdArray present(Tensor tensor) {
        if (tensor.origin() != null) {
            return pending.get(tensor);
        }
        if (tensor.gradientData() == null) {
            tensor.setGradient(zerosBeside(tensor));
        }
        return tensor.gradientData();
    }

    private void put(Tensor tensor, NdArray gradient) {
        gradient.buffer().retain();
        NdArray replaced = pending.put(tensor, gradient);
        if (replaced != null) {
            replaced.buffer().release();
        }
    }

    /// What is present, in memory that nobody else holds.
    private NdArray writable(Tensor tensor, boolean contiguous) {
        NdArray present = present(tensor);
        boolean shared = tensor.origin() != null && present.buffer().holders() > 1;
        if (!shared && (!contiguous || present.isContiguous())) {
            return present;
        }
        NdArray own = Tensor.allocate(tensor.backend(), tensor.shape());
        tensor.backend().elementwise().copy(own, present);
        put(tensor, own);
        return own;
    }

    /// Memory for the gradient of a leaf: an arena's if the leaf's own is, so that both end together.
    private static NdArray zerosBeside(Tensor leaf) {
        Backend backend = leaf.backend();
        if (!leaf.data().buffer().isLeased()) {
            return NdArray.of(backend.allocate(leaf.type(), leaf.shape().elements()), leaf.shape());
        }
        NdArray zeros = Tensor.allocate(backend, leaf.shape());
        backend.elementwise().fill(zeros, 0);
        // The leaf holds it.
        zeros.buffer().retain();
        return zeros;
    }

    /// The adjoint of broadcasting: sums `d` over the axes along which the small shape was repeated.
    private static void sumToShape(Backend backend, NdArray dTensor, NdArray d, boolean accumulate) {
        int[] sizes = new int[d.rank()];
        Arrays.fill(sizes, 1);
        for (int fromEnd = 1; fromEnd <= dTensor.rank(); fromEnd++) {
            sizes[d.rank() - fromEnd] = dTensor.size(-fromEnd);
        }
        backend.reduction().sum(dTensor.reshape(Shape.of(sizes)), d, accumulate);
    }
}
