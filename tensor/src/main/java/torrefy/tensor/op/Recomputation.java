package torrefy.tensor.op;

import java.util.List;
import java.util.function.Function;
import torrefy.tensor.GradientMode;
import torrefy.tensor.Gradients;
import torrefy.tensor.Tensor;

/// A segment of the graph that keeps its inputs alone and is computed a second time in backward: memory for time. Chen,
/// Xu, Zhang, Guestrin, "Training deep nets with sublinear memory cost", arXiv 1604.06174.
///
/// `out = segment(inputs)`, computed without recording. Backward computes it again with recording, sends `dOut` through
/// it, and passes on what arrives at the inputs. Leaves that the segment uses beside its inputs, its parameters, get
/// their gradients on the way. The segment must be a function: the same inputs, the same result; randomness by keys is.
/// Changes in place between forward and backward are noticed for the inputs, not for parameters used inside.
///
/// Shapes: whatever the segment makes.
public record Recomputation(List<Tensor> inputs, Function<List<Tensor>, Tensor> segment) implements Op {

    /// Applies `segment` so that backward computes it again.
    public static Tensor apply(Function<List<Tensor>, Tensor> segment, Tensor... inputs) {
        List<Tensor> all = List.of(inputs);
        if (!GradientMode.isOn()) {
            return segment.apply(all);
        }
        Tensor once = Tensor.scoped(() -> GradientMode.off(() -> segment.apply(all)));
        // A new tensor: a segment may return an input or a parameter itself, which must not take this op for its
        // origin.
        Tensor out = Tensor.of(once.backend(), once.data());
        return out.madeBy(new Recomputation(all, segment));
    }

    /// True: parameters used inside may want gradients even if no input does.
    @Override
    public boolean wantsGradient() {
        return true;
    }

    @Override
    public void backward(Tensor dOut, Gradients gradients) {
        gradients.through(segment, inputs, dOut);
    }
}
