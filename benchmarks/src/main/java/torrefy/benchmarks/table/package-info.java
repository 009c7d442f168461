/// Contenders side by side in one process, in a table: what the programs of `torrefy.benchmarks.opencl` and of the
/// profile `peers` print.
///
/// The key idea: absolute figures move with the machine's mood, so contenders take turns within a second, and what
/// counts
/// is the ratio of their medians. Read [Duel] first.
package torrefy.benchmarks.table;
