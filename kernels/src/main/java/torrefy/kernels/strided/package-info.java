/// How the loops of every column are cut: into runs of constant step, and into pieces for threads.
///
/// ```java
/// float[] o = out.floats(), i = in.floats();
/// StridedLoop.over(out, in).run(loop, (at, stride, length) -> {
///     for (int n = 0; n < length; n++) {
///         o[at[0] + n * stride[0]] = -i[at[1] + n * stride[1]];
///     }
/// });
/// ```
///
/// The one idea: strides are dealt with once, outside the innermost loop, and the cuts follow from the shape alone, so
/// that every number of threads computes the same bits. Read [torrefy.kernels.strided.StridedLoop] first.
package torrefy.kernels.strided;
