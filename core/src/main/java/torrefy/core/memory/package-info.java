/// Where numbers live: buffers, arrays that look at them, and the arena of a training step.
///
/// ```java
/// NdArray matrix = NdArray.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
/// NdArray transposed = matrix.with(matrix.layout().transpose(0, 1)); // the same six floats
/// Arena arena = new Arena((type, length) -> HostFloats.zeros(length));
/// HostFloats kept = arena.step(() -> (HostFloats) arena.allocate(DataType.F32, 6));
/// kept.array(); // throws: its step is over
/// ```
///
/// The key idea: memory on the CPU is a plain `float[]` and an offset. A step cuts its buffers from slabs, to which
/// they
/// go back as soon as nobody needs them, and which the next step uses again; whoever keeps one too long is told so.
/// Read [Buffer] first, then [NdArray] and [Arena].
package torrefy.core.memory;
