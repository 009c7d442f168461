/// Tensors that remember how they were computed, and gradients sent back through what they remember.
///
/// ```java
/// Tensor x = Tensor.of(new float[] {1, 2, 3, 4}, 2, 2);
/// Tensor w = Tensor.of(new float[] {0.5f, -1, 2, 0}, 2, 2).withGradient();
/// Tensor loss = x.matmul(w).tanh().sum();
/// loss.backward();
/// System.out.println(w.gradient());
/// ```
///
/// A [Tensor] is numbers with a shape and the backend that computes with them. Where a gradient is wanted, the result
/// of an operation also keeps the [torrefy.tensor.op.Op] that made it, and so a formula written in Java leaves a graph
/// behind, from the loss back to the [Parameter]s. `backward()` walks it once, has every op say what the gradient of
/// its result means for its inputs, and lets go what the op had kept. [GradientMode] switches the remembering off. A
/// training step runs inside an [torrefy.core.memory.Arena], in whose memory all of this happens; parameters and their
/// gradients live outside of it.
///
/// The key idea: tensors are numbered as they are made, and whatever was computed from a tensor is younger than it. So
/// the youngest tensor still to be visited always has its gradient complete, and no list of operations, no recursion
/// and no sorting of the graph is needed.
///
/// Read [Tensor] first, then [Backpropagation], which is the whole of that walk.
package torrefy.tensor;
