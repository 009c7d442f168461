/// The operations: one record per file, formula and gradient at its head.
///
/// ```java
/// Tensor a = Tensor.of(new float[] {3}).withGradient();
/// Tensor square = a.multiply(a);
/// Op op = square.origin();              // Multiply[a=…, b=…]: what it keeps is what you see
/// op.inputs();                          // [a, a]: where its gradient goes
/// square.backward();                    // a.gradient() is 6
/// ```
///
/// Forward is a static `apply`: it checks the operands, has a kernel of the backend compute the result, and hands over
/// a record of what backward will need. `backward` receives the gradient of the result and adds to those of the inputs
/// through [torrefy.tensor.Gradients]. A record also names the tensors whose values it reads again, so that a change in
/// place in between is caught. [Recomputation] keeps nothing but its inputs and computes a segment twice instead;
/// [Saved]
/// is an activation that may be kept in half the bytes.
///
/// The key idea: [Op] is sealed, so the list of all operations is a fact the compiler knows and the tests walk: an op
/// whose gradient is not checked against finite differences fails the build. [CustomOp] is the one open door.
///
/// Read [Multiply] first: it is the smallest op that keeps something; then [Matmul] and [CrossEntropy].
package torrefy.tensor.op;
