/// The vocabulary in OpenCL C, through JOCL, in the memory of a device.
///
/// ```java
/// Backend backend = Backends.create("opencl", 1);
/// NdArray out = NdArray.of(backend.allocate(DataType.F32, 4), Shape.of(2, 2));
/// NdArray a = NdArray.of(backend.upload(new float[] {1, 2, 3, 4}), Shape.of(2, 2));
/// backend.matmul().matmul(out, a, a, false);       // enqueued, not waited for
/// backend.download(out, new float[4], 0);          // waits
/// ```
///
/// The one idea: the device has a queue, and Java only fills it. Kernels run in the order in which they were enqueued,
/// so that nothing has to wait until somebody reads a number; what stands in the device's memory stays there.
///
/// Beside each host class stands a `.cl` file with its kernels. The same source serves processors and GPUs where only
/// the size of a work-group differs ([torrefy.kernels.opencl.Queue#rowOptions]); the matrix product and attention
/// have two forms. Such sizes stand in a table by kind of device, [torrefy.kernels.opencl.DeviceClass]; for the
/// tiles of products [torrefy.kernels.opencl.MatmulTuning] finds better ones by measuring.
/// Where a device has units for bfloat16 numbers, and a way to them is known that OpenCL C has no word for, there is a
/// third product, which rounds its operands: [torrefy.kernels.opencl.Bf16Door]. There is one for x86 processors
/// and one for NVIDIA's GPUs, which has run only with its instructions emulated.
///
/// Read [torrefy.kernels.opencl.Queue] first, then [torrefy.kernels.opencl.OpenClElementwise] and its `.cl` file.
package torrefy.kernels.opencl;
