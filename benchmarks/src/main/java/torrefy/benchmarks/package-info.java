/// How fast the kernels are: one JMH class per family, every column on the same arrays.
///
/// ```shell
/// mvn -q -pl benchmarks -am compile exec:exec -Dbench.skip=false -Djmh.args="MatmulBenchmark"
/// mvn -q -pl benchmarks -am compile exec:exec -Dbench.skip=false -Djmh.args="Softmax -p backend=vector -p threads=1"
/// ```
///
/// The key idea: absolute figures move with the machine and its mood; what counts is the ratio of two columns in one
/// run. The sizes are those of the quickstart's model: 2048 tokens a step, width 256, vocabulary 4096. Read
/// [MatmulBenchmark] first.
package torrefy.benchmarks;
