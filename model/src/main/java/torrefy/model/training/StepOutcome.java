package torrefy.model.training;

import torrefy.core.backend.Backend;
import torrefy.core.memory.DataType;
import torrefy.core.memory.NdArray;
import torrefy.core.shape.Layout;
import torrefy.core.shape.Shape;
import torrefy.model.optimizer.GradientNorm.Clipping;
import torrefy.tensor.Tensor;

/// What there is to know of a step: three numbers side by side in the backend's memory, filled while the step is
/// computed and read once, before the weights move. On a device nothing else comes back.
final class StepOutcome {

    private static final Shape ONE = Shape.of(1);

    private final Backend backend;
    private final NdArray all;
    private final NdArray loss;
    private final Clipping clipping;
    private final float[] values = new float[3];

    StepOutcome(Backend backend) {
        this.backend = backend;
        this.all = NdArray.of(backend.allocate(DataType.F32, values.length), Shape.of(values.length));
        this.loss = number(0);
        this.clipping = new Clipping(number(1), number(2));
    }

    private NdArray number(int index) {
        return all.with(Layout.contiguous(Shape.of(values.length)).slice(0, index, 1));
    }

    void clear() {
        backend.elementwise().fill(all, 0);
    }

    /// Adds a batch's share of the step's mean loss.
    void addLoss(Tensor share) {
        backend.elementwise().accumulate(loss, share.data().reshape(ONE), 1);
    }

    Clipping clipping() {
        return clipping;
    }

    /// Waits for the step's gradient.
    void read() {
        backend.download(all, values, 0);
    }

    float loss() {
        return values[0];
    }

    /// The length of the gradient before clipping.
    float norm() {
        return values[1];
    }
}
