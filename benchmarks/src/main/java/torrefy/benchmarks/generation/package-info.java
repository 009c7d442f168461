/// How fast text is generated, against the machine's limits: the memory for writing, where every weight is read once a
/// token, and the multiply-add units for reading a prompt.
///
/// ```shell
/// mvn -q -Pgeneration -pl benchmarks -am compile exec:exec
/// ```
///
/// The key idea: limit and work take turns within a second, in one process, and what counts is the ratio of their
/// medians.
package torrefy.benchmarks.generation;
