package torrefy.tensor;

import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.Map;
import torrefy.core.backend.Backend;
import torrefy.core.memory.NdArray;
import torrefy.core.shape.Broadcast;
import torrefy.core.shape.Shape;

/// The gradients under way during one backward. Ops *add* to them: a tensor that was used twice gets the sum.
///
/// The gradient of a leaf goes to memory that lives as long as the leaf's; that of any other tensor lives from the
/// first addition until the tensor's own op is visited.
public final class Gradients {

    /// Computes a gradient into given memory.
    @FunctionalInterface
    public interface Kernel {
        /// @param dTensor receives the gradient; contiguous
        /// @param accumulate whether to add to what is there, rather than assign
        void write(NdArray dTensor, boolean accumulate);
    }

    private final Map<Tensor, NdArray> pending = new IdentityHashMap<>();

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
        NdArray present = present(tensor);
        if (present != null) {
            tensor.backend().elementwise().accumulate(present, d.data(), 1);
        } else {
            NdArray fresh = Tensor.allocate(tensor.backend(), tensor.shape());
            tensor.backend().elementwise().copy(fresh, d.data());
            pending.put(tensor, fresh);
        }
    }

    /// Adds `d`, which the caller made for this call alone (or passes on for the last time): it may be kept instead of
    /// copied. No two elements of `d` share memory.
    public void give(Tensor tensor, Tensor d) {
        if (wanted(tensor) && tensor.shape().equals(d.shape()) && present(tensor) == null) {
            pending.put(tensor, d.data());
        } else {
            add(tensor, d);
        }
    }

    /// Has `kernel` compute the gradient straight into its place, if it is wanted.
    public void into(Tensor tensor, Kernel kernel) {
        if (!wanted(tensor)) {
            return;
        }
        NdArray present = present(tensor);
        if (present == null) {
            NdArray fresh = Tensor.allocate(tensor.backend(), tensor.shape());
            kernel.write(fresh, false);
            pending.put(tensor, fresh);
        } else {
            kernel.write(contiguous(tensor, present), true);
        }
    }

    /// The memory to add the gradient to, or null if it is not wanted. Contiguous; zeros if nothing was added yet.
    public NdArray accumulator(Tensor tensor) {
        if (!wanted(tensor)) {
            return null;
        }
        NdArray present = present(tensor);
        if (present == null) {
            present = Tensor.allocate(tensor.backend(), tensor.shape());
            tensor.backend().elementwise().fill(present, 0);
            pending.put(tensor, present);
        }
        return contiguous(tensor, present);
    }

    /// Takes out the finished gradient of `tensor`; null if nothing was added.
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

    /// Memory for the gradient of a leaf: an arena's if the leaf's own is, so that both end together.
    private static NdArray zerosBeside(Tensor leaf) {
        Backend backend = leaf.backend();
        if (!leaf.data().buffer().isLeased()) {
            return NdArray.of(backend.allocate(leaf.type(), leaf.shape().elements()), leaf.shape());
        }
        NdArray zeros = Tensor.allocate(backend, leaf.shape());
        backend.elementwise().fill(zeros, 0);
        return zeros;
    }

    /// A gradient that was given as a strided view is copied before a kernel that wants it contiguous adds to it.
    private NdArray contiguous(Tensor tensor, NdArray present) {
        if (present.isContiguous()) {
            return present;
        }
        NdArray dense = Tensor.allocate(tensor.backend(), tensor.shape());
        tensor.backend().elementwise().copy(dense, present);
        pending.put(tensor, dense);
        return dense;
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
