/// The vocabulary in plain loops: the definition of every kernel, and the fallback.
///
/// ```java
/// try (Backend backend = Backends.create("scalar", 2)) {
///     NdArray out = NdArray.of(backend.allocate(DataType.F32, 4), Shape.of(2, 2));
///     backend.matmul().matmul(out, NdArray.of(a, 2, 3), NdArray.of(b, 3, 2), false);
/// }
/// ```
///
/// The one idea: the loop that says what a kernel means is also one that the compiler can turn into SIMD code, if it
/// runs over whole arrays with one index ([torrefy.kernels.scalar.RowCombination] shows it). Read
/// [torrefy.kernels.scalar.ScalarElementwise] first, then [torrefy.kernels.scalar.ScalarMatmul].
package torrefy.kernels.scalar;
