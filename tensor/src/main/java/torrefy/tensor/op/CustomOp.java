package torrefy.tensor.op;

/// The door for operations that are not part of this library. Implement it with a record whose components are what
/// backward needs, compute the result without recording, and end with [torrefy.tensor.Tensor#madeBy]:
///
/// ```java
/// record Cube(Tensor in) implements CustomOp {
///     static Tensor apply(Tensor in) {
///         Tensor out = GradientMode.off(() -> in.multiply(in).multiply(in));
///         return out.madeBy(new Cube(in));
///     }
///     public List<Tensor> inputs() { return List.of(in); }
///     public void backward(Tensor dOut, Gradients gradients) {
///         gradients.add(in, in.multiply(in).multiply(3).multiply(dOut));   // d(x³) = 3x²
///     }
/// }
/// ```
public non-sealed interface CustomOp extends Op {}
