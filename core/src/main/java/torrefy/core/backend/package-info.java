/// The kernel vocabulary: everything that a way of computing has to be able to do, one interface per family.
///
/// ```java
/// try (Backend backend = Backends.create("auto", 2)) {
///     NdArray sum = NdArray.of(new float[] {1, 2, 3}, 3);
///     backend.elementwise().accumulate(sum, NdArray.of(new float[] {10, 20, 30}, 3), 0.5f); // 6, 12, 18
///     System.out.println(backend.description());
/// }
/// ```
///
/// The key idea: the tensor library speaks these interfaces and knows no implementation; a backend is found at run time
/// by [java.util.ServiceLoader]. An interface's comments are the contract, formulas included, and every backend passes
/// the same tests. Read [Backend] first, then [MatmulKernels] as an example of a family.
package torrefy.core.backend;
