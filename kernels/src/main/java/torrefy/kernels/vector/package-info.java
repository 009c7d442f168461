/// The vocabulary in SIMD, by the JDK's Vector API.
///
/// ```java
/// Backend backend = Backends.create("vector", 2); // needs --add-modules jdk.incubator.vector
/// NdArray out = NdArray.of(backend.allocate(DataType.F32, 4), Shape.of(2, 2));
/// backend.matmul().matmul(out, NdArray.of(a, 2, 3), NdArray.of(b, 3, 2), false);
/// backend.close();
/// ```
///
/// The one idea: a loop is fast when its numbers stay in registers while as little as possible is loaded, and C2 keeps
/// them there if they are local variables of one method. No result depends on what the compiler did: there are no sums
/// whose order the Vector API leaves open, and no functions whose last bits it does. Read
/// [torrefy.kernels.vector.MatmulTile] first, then [torrefy.kernels.vector.PackedMatmul].
package torrefy.kernels.vector;
