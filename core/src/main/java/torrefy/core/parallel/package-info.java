/// The one visible level of parallelism.
///
/// ```java
/// try (ParallelLoop loop = new ParallelLoop(2)) {
///     double[] sums = new double[8]; // a slot per piece
///     loop.run(8, (piece, worker) -> sums[piece] = sumOfRows(piece * 100, piece * 100 + 100));
///     double total = Arrays.stream(sums).sum(); // in order of the pieces
/// }
/// ```
///
/// The key idea: the work is cut by its shape, never by the number of threads, and parts are put together in a fixed
/// order. One thread and eight then give the same bits. Read [ParallelLoop].
package torrefy.core.parallel;
