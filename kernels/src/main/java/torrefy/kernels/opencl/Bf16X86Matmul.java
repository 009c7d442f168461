package torrefy.kernels.opencl;

import torrefy.core.backend.MatmulKernels;
import torrefy.core.memory.NdArray;

/// Matrix products of operands rounded to bfloat16, with sums in single precision, by an instruction that some x86
/// processors have: see `matmul_bf16_x86.cl`. Only for where [Bf16Door#X86] is open; elsewhere it kills the process.
final class Bf16X86Matmul implements MatmulKernels {

    static final String PROGRAM = "matmul_bf16_x86.cl";

    private static final int ROWS = 12;
    private static final int COLUMNS = 32;

    private final PackedMatmul packed;

    Bf16X86Matmul(Queue queue) {
        packed = new PackedMatmul(queue, PROGRAM, ROWS, COLUMNS, 2);
    }

    @Override
    public void matmul(NdArray out, NdArray a, NdArray b, boolean accumulate) {
        MatmulOperand.each(
                out,
                a,
                b,
                (c, left, right, batch, m, n, k) -> packed.multiply(c, left, right, batch, m, n, k, accumulate));
    }
}
