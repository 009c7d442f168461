package torrefy.kernels.opencl;

import torrefy.core.backend.IndexKernels;
import torrefy.core.memory.DataType;
import torrefy.core.memory.NdArray;
import torrefy.core.shape.Shape;

/// Reading and adding at computed places; see `index.cl`.
final class OpenClIndex implements IndexKernels {

    private static final String PROGRAM = "index.cl";

    private final Queue queue;

    OpenClIndex(Queue queue) {
        this.queue = queue;
    }

    /// Token ids that came from the host, and that no kernel has written to, are looked at there.
    @Override
    public int firstOutOfRange(NdArray indices, int limit, int ignore) {
        int count = indices.elements();
        int[] uploaded = Arguments.buffer(indices).memory().uploaded();
        if (uploaded != null) {
            int from = Arguments.start(indices);
            for (int i = 0; i < count; i++) {
                int index = uploaded[from + i];
                if ((index < 0 || index >= limit) && index != ignore) {
                    return i;
                }
            }
            return -1;
        }
        NdArray first = NdArray.of(queue.temporary(Temporary.FIRST_INDEX, DataType.I32, 1), Shape.of(1));
        queue.fill(Arguments.buffer(first), count);
        queue.each(
                PROGRAM,
                "",
                "first_out_of_range",
                count,
                Arguments.of(count, limit, ignore, Arguments.buffer(first)).in(indices));
        int[] found = new int[1];
        queue.download(first, found, 0);
        return found[0] == count ? -1 : found[0];
    }

    @Override
    public void gatherRows(NdArray out, NdArray table, NdArray indices) {
        String options = table.type() == DataType.BF16 ? "-DTABLE=ushort -DREAD(x)=widened(x)" : "";
        Arguments arguments = Arguments.of(out.size(1))
                .out(out)
                .and(out.stride(0))
                .in(table)
                .and(table.stride(0))
                .in(indices);
        queue.each(PROGRAM, options, "gather_rows", out.size(1), indices.elements(), arguments);
    }

    @Override
    public void scatterAddRows(NdArray out, NdArray indices, NdArray in) {
        Arguments arguments = Arguments.of(out.size(1), indices.elements())
                .out(out)
                .and(out.stride(0))
                .in(indices)
                .in(in)
                .and(in.stride(0));
        queue.each(PROGRAM, "", "scatter_add_rows", out.size(1), arguments);
    }

    @Override
    public void gather(NdArray out, NdArray in, NdArray indices) {
        Arguments arguments = Arguments.of(out.elements(), indices.size(1), in.size(1), in.size(2))
                .out(out)
                .in(in)
                .in(indices);
        queue.each(PROGRAM, "", "gather", out.elements(), arguments);
    }

    @Override
    public void scatterAdd(NdArray out, NdArray indices, NdArray in) {
        Arguments arguments = Arguments.of(out.size(0), indices.size(1), out.size(1), out.size(2))
                .out(out)
                .in(indices)
                .in(in);
        queue.each(PROGRAM, "", "scatter_add", out.size(0) * out.size(2), arguments);
    }
}
