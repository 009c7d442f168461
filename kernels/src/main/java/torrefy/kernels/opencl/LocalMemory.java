package torrefy.kernels.opencl;

/// The argument of a kernel that stands for memory of its work-group.
record LocalMemory(long bytes) {}
