package torrefy.tensor.op;

import java.util.List;
import torrefy.tensor.Gradients;
import torrefy.tensor.Tensor;

/// One operation of the graph: what forward keeps so that backward can be computed.
///
/// Every op is a record in a file of its own. Its components are exactly what it keeps. The file reads in one order:
/// the formula and its gradient, the shapes, `apply`, `inputs`, `backward`. Gradients are added to the inputs',
/// never assigned.
///
/// The set is closed but for one door: [CustomOp] is for the ops of users.
public sealed interface Op
        permits Add,
                Affine,
                CausalAttention,
                Concat,
                Convert,
                Copy,
                CrossEntropy,
                CustomOp,
                Divide,
                Dropout,
                Embedding,
                Expand,
                FeedForward,
                GatedFeedForward,
                Gather,
                HeadCrossEntropy,
                LayerNorm,
                Linear,
                LogSoftmax,
                Matmul,
                Max,
                Maximum,
                Minimum,
                Multiply,
                Permute,
                Power,
                Recomputation,
                Reshape,
                RmsNorm,
                Rotary,
                ScatterAdd,
                SelfAttention,
                Slice,
                Softmax,
                Subtract,
                Sum,
                Unary,
                Where {

    /// The tensors that a gradient may be sent to.
    List<Tensor> inputs();

    /// The tensors whose *values* backward reads: they must not be changed in place in between, and their memory is
    /// held until then. Always the same ones.
    default List<Tensor> saved() {
        return inputs();
    }

    /// What forward allocated for backward beside the result, and only ops read: it goes back to the arena once
    /// backward has passed. Always the same ones.
    default List<Tensor> own() {
        return List.of();
    }

    /// Whether anything behind this op wants a gradient; if not, it is not recorded.
    default boolean wantsGradient() {
        for (Tensor input : inputs()) {
            if (input.requiresGradient()) {
                return true;
            }
        }
        return false;
    }

    /// Adds to `gradients` what the gradient `dOut` of this op's result means for the inputs. Runs without recording,
    /// so that it may be written in tensor arithmetic. What it allocates and does not add goes back to the arena at its
    /// end.
    void backward(Tensor dOut, Gradients gradients);

    /// The name in error messages.
    default String label() {
        return getClass().getSimpleName();
    }
}
