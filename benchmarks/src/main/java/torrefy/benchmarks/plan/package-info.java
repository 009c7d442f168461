/// Whether a plan was true: its time and memory against trainings that were made, and whether what it lets begin ever
/// runs out of memory.
///
/// ```shell
/// mvn -q -Pplan -pl benchmarks -am compile exec:exec
/// mvn -q -Pplan -pl benchmarks -am compile exec:exec -Dplan.table=RandomRuns -Dplan.args="50 2g"
/// ```
///
/// The key idea: each training is a process of its own, with a heap of its own, because a process that has held much
/// once holds it. Begin with [torrefy.benchmarks.plan.PlanTable].
package torrefy.benchmarks.plan;
