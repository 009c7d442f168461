/// What a device is good for: OpenCL beside the vector backend, in one table; no library but the driver.
///
/// ```shell
/// mvn -q -Popencl -pl benchmarks -am compile exec:exec
/// mvn -q -Popencl -pl benchmarks -am compile exec:exec -Dopencl.args="matmul step"
/// ```
///
/// The key idea: a device takes note of a kernel and computes it later, so that every turn ends with
/// [torrefy.core.backend.Backend#finish]. Read [DeviceTable] first; [LossCurves] is about the results, not the speed.
package torrefy.benchmarks.opencl;
