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
/// whose order the Vector API leaves open, and no functions whose last bits it does.
///
/// How a matrix product gets there, step by step. The figures are GFLOP/s on 1024 × 1024 × 1024, two cores of an AMD
/// Zen 5, Temurin 25.0.3; the machine's measured peak was 210 to 225 on one core, 380 to 440 on both.
///
/// | step | one thread | two |
/// |---|---|---|
/// | the triple loop over i, j, p | 0.45 | |
/// | the same, j innermost | 5.8 | |
/// | [MatmulTile] alone, all in the first-level cache | 213 | 412 |
/// | with [Packing] and [PackedMatmul] | 170 | 245–285 |
/// | in large pages | 180 | 285–300 |
/// | with equal shares | 180 | 307 |
/// | [PanelMatmul] | 180 | 320–345 |
///
/// Read down a column of b, the triple loop misses every cache; along rows, the compiler makes SIMD of it. The tile
/// keeps 8 × 2 registers of the result, and feeds 16 multiply-adds with 10 loads. Packing brings the operands into the
/// order in which the tile reads them, so that a strip of b stays in the first cache and the strips of a in the second.
/// Large pages count because a tile touches eight rows of c, each in a page of its own. With equal shares of every loop
/// ([torrefy.core.parallel.ParallelLoop]) a thread multiplies with what it has packed itself. When each worker packs
/// its
/// own a, no core waits for lines that another has just written.
///
/// What is left to the tile's own speed is its beginning and end: 16 registers to clear, 16 rows of c to fetch, once
/// for every 256 steps. Tried and found to gain nothing: tiles of 9, 10 or 12 rows, and of 6 × 3; of 8 × 3 registers C2
/// spills some (a third slower). Slices of 192 (a tenth slower), 384 and 512 (equal on squares, slower where the sum is
/// short); touching the next strip ahead; beginning with c in the registers.
///
/// Read [MatmulTile] first, then [PackedMatmul] and [PanelMatmul]. [FewRowsMatmul] is for products that memory bounds.
package torrefy.kernels.vector;
