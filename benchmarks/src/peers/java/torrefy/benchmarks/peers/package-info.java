/// The same work in the same process by Torrefy, by a native BLAS and by libtorch, as Maven Central has them.
///
/// ```shell
/// mvn -q -Ppeers -pl benchmarks -am compile exec:exec
/// mvn -q -Ppeers -pl benchmarks -am compile exec:exec -Dpeers.args="matmul step/T1024"
/// mvn -q -Ppeers -pl benchmarks -am compile exec:exec -Dpeers.args="step" -Dpeers.tuned=false
/// mvn -q -Ppeers,libtorch-2.13 -pl benchmarks -am compile exec:exec
/// ```
///
/// The key idea: a slow peer would be a lie. As they come, the two lose up to four fifths of their speed on some
/// machines, so the default is to run them tuned: which BLAS and which of its kernels is found by trial, the rest is
/// said in [Tuning]. All contenders take turns within a second, so that noise hits them alike, and a matrix product is
/// compared with the peers' before it is timed. The first run downloads some 260 MB, which JavaCPP unpacks into
/// `~/.javacpp/cache`. Read [Peers] first, then [MatmulRows] and [TorchGpt].
package torrefy.benchmarks.peers;
