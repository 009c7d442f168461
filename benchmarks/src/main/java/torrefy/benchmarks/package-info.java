/// How fast the kernels are: one JMH class per kernel family, and one for a whole step, every column on the same
/// arrays.
///
/// ```shell
/// mvn -q -pl benchmarks -am compile exec:exec -Dbench.skip=false -Djmh.args="MatmulBenchmark"
/// mvn -q -pl benchmarks -am compile exec:exec -Dbench.skip=false -Djmh.args="Softmax -p backend=vector -p threads=1"
/// mvn -q -pl benchmarks -am compile exec:exec -Dbench.skip=false -Djmh.args="Matmul -p backend=opencl -p
/// precision=BF16"
/// ```
///
/// The key idea: absolute figures move with the machine and its mood; what counts is the ratio of two columns in one
/// run. The sizes are those of the quickstart's model: 2048 tokens a step, width 256, vocabulary 4096. Read
/// [MatmulBenchmark] first.
///
/// How fast others are on the same shapes shows the profile `peers`: OpenBLAS and libtorch from Maven Central, in one
/// table with ours (Linux, x86-64; the first run downloads some 260 MB).
///
/// ```shell
/// mvn -q -Ppeers -pl benchmarks -am compile exec:exec
/// mvn -q -Ppeers -pl benchmarks -am compile exec:exec -Dpeers.args="matmul step/T1024"
/// ```
///
/// What a checkpoint costs the steps beside it shows the profile `checkpoint`: [CheckpointBesideSteps].
package torrefy.benchmarks;
