package torrefy.tensor;

import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.PriorityQueue;
import java.util.Set;
import torrefy.core.memory.Arena;

/// Reverse-mode differentiation: visits the graph from the result back to the leaves.
///
/// Of the tensors still to be visited the youngest is always next. Whatever was made from a tensor is younger than it,
/// so when its turn comes its gradient is complete. No recursion: the depth of the graph is limited by memory alone.
///
/// Each op is let go as soon as it was visited. In an arena its memory goes back then: what it saved, its result, which
/// only younger ops read, the gradient of its result, and whatever its backward made on the way. Memory that others
/// hold, such as a result of which a view is still to be visited, goes back with the last of them; the root, leaves and
/// their gradients stay.
final class Backpropagation {

    private final Gradients gradients = new Gradients();
    private final Arena arena = Arena.current();
    private final PriorityQueue<Tensor> youngestFirst =
            new PriorityQueue<>(Comparator.comparingLong(Tensor::number).reversed());
    private final Set<Tensor> queued = Collections.newSetFromMap(new IdentityHashMap<>());

    private Backpropagation() {}

    static void run(Tensor root, Tensor dRoot) {
        if (!root.requiresGradient()) {
            throw new IllegalStateException("backward: nothing that a tensor of shape " + root.shape()
                    + " was computed from wants a gradient; use Parameter or withGradient()");
        }
        if (!root.shape().equals(dRoot.shape())) {
            throw new IllegalArgumentException(
                    "backward: the gradient has shape " + dRoot.shape() + ", the tensor " + root.shape());
        }
        GradientMode.off(() -> new Backpropagation().visitAll(root, dRoot));
    }

    private void visitAll(Tensor root, Tensor dRoot) {
        requireNotReleased(root);
        gradients.add(root, dRoot);
        // The caller may look at the root afterwards.
        root.data().buffer().retain();
        enqueue(root);
        while (!youngestFirst.isEmpty()) {
            Tensor tensor = youngestFirst.poll();
            queued.remove(tensor);
            for (Tensor input : tensor.origin().inputs()) {
                requireNotReleased(input);
                enqueue(input);
            }
            if (arena == null) {
                visit(tensor);
            } else {
                arena.scope(() -> visit(tensor), nothing -> null);
            }
            // They are the youngest of all, so they come next.
            gradients.computeSegments().forEach(this::enqueue);
        }
    }

    private Void visit(Tensor tensor) {
        Tensor dTensor = gradients.take(tensor);
        if (dTensor != null) {
            tensor.history().requireSavedUnchanged();
            tensor.origin().backward(dTensor, gradients);
            dTensor.data().buffer().release();
        }
        tensor.history().release();
        return null;
    }

    private void enqueue(Tensor tensor) {
        if (tensor.origin() != null && queued.add(tensor)) {
            youngestFirst.add(tensor);
        }
    }

    private static void requireNotReleased(Tensor tensor) {
        if (tensor.history() != null && tensor.history().isReleased()) {
            throw new IllegalStateException(
                    "backward: a tensor of shape " + tensor.shape()
                            + " was already passed by an earlier backward, which let go what its op had saved; compute it anew");
        }
    }
}
