package torrefy.kernels.opencl;

import java.util.stream.IntStream;
import torrefy.core.backend.ReductionKernels;
import torrefy.core.memory.DataType;
import torrefy.core.memory.NdArray;
import torrefy.core.shape.Shape;

/// Sums and maxima in two steps: parts, and then the parts' results; see `reduction.cl`.
final class OpenClReduction implements ReductionKernels {

    private static final String PROGRAM = "reduction.cl";

    /// Elements that one work-item adds up.
    private static final int PART = 256;

    /// Rows of a matrix that one work-item adds up, at least.
    private static final int ROWS_IN_PART = 32;

    /// Elements of one long array whose squares a work-item adds up: of those there are more than enough.
    private static final int LONG_PART = 1 << 15;

    private final Queue queue;

    OpenClReduction(Queue queue) {
        this.queue = queue;
    }

    @Override
    public void sum(NdArray out, NdArray in, boolean accumulate) {
        boolean isOfColumns = in.rank() == 2
                && in.stride(1) == 1
                && out.size(0) == 1
                && out.size(1) == in.size(1)
                && in.size(0) >= 2 * ROWS_IN_PART;
        reduce("-DWHAT=SUM", out, isOfColumns ? partsOfColumns(in) : in, accumulate);
    }

    /// The sums of some rows each, `(parts, columns)`.
    private NdArray partsOfColumns(NdArray in) {
        int rows = in.size(0);
        int columns = in.size(1);
        int inPart = Math.max(ROWS_IN_PART, Math.ceilDiv(rows, PART));
        int parts = Math.ceilDiv(rows, inPart);
        NdArray partial = NdArray.of(
                queue.temporary(Temporary.ROWS_SUMMED, DataType.F32, parts * columns), Shape.of(parts, columns));
        Arguments arguments = Arguments.of(rows, columns, inPart, Arguments.buffer(partial))
                .in(in)
                .and(in.stride(0));
        int groups = Math.ceilDiv(columns, 4 * queue.rowWidth());
        queue.run(
                PROGRAM,
                "-DWHAT=SUM " + queue.rowOptions(),
                "column_sums",
                new long[] {groups, parts},
                new long[] {1, 1},
                arguments.toArray());
        return partial;
    }

    @Override
    public void max(NdArray out, NdArray in) {
        reduce("-DWHAT=MAX", out, in, false);
    }

    private void reduce(String options, NdArray out, NdArray in, boolean add) {
        int kept = out.elements();
        if (kept == 0) {
            return;
        }
        Axes keptAxes = axes(out, in, true);
        Axes reducedAxes = axes(out, in, false);
        NdArray from = in;
        int reduced = in.elements() / kept;
        boolean isLast = false;
        for (int round = 0; !isLast; round++) {
            int parts = Math.max(1, Math.ceilDiv(reduced, PART));
            isLast = parts == 1;
            NdArray to =
                    isLast ? out : temporary(round % 2 == 0 ? Temporary.PARTS : Temporary.PARTS_OF_PARTS, kept * parts);
            Axes outer = reducedAxes.withoutInnermost();
            int innermost = reducedAxes.rank() - 1;
            Arguments arguments = Arguments.of(kept, parts)
                    .out(to)
                    .in(from)
                    .and(keptAxes.rank(), keptAxes.sizes(), keptAxes.strides()[0])
                    .and(outer.rank(), outer.sizes(), outer.strides()[0])
                    .and(reducedAxes.sizes()[innermost], reducedAxes.strides()[0][innermost])
                    .and(reduced, PART, isLast && add);
            queue.each(PROGRAM, options, "reduce", kept, parts, arguments);
            // Next, of each result a row of parts.
            from = to;
            keptAxes = Axes.of(new int[] {kept}, new int[][] {{parts}});
            reducedAxes = Axes.of(new int[] {parts}, new int[][] {{1}});
            reduced = parts;
        }
    }

    /// The axes of `in` that `out` has too, or those that are reduced.
    private static Axes axes(NdArray out, NdArray in, boolean kept) {
        int[] which = IntStream.range(0, in.rank())
                .filter(axis -> kept == (out.size(axis) == in.size(axis)))
                .toArray();
        int[] sizes = IntStream.of(which).map(in::size).toArray();
        int[] strides = IntStream.of(which).map(in::stride).toArray();
        return Axes.of(sizes, new int[][] {strides});
    }

    private NdArray temporary(Temporary purpose, int elements) {
        return NdArray.of(queue.temporary(purpose, DataType.F32, elements), Shape.of(elements));
    }

    @Override
    public double sumOfSquares(NdArray in) {
        int parts = partsOfSquares(in);
        if (parts == 0) {
            return 0;
        }
        NdArray partial = NdArray.of(queue.temporary(Temporary.SQUARES, DataType.I32, 2 * parts), Shape.of(2 * parts));
        squares(queue, Arguments.buffer(partial), 0, in);
        int[] sums = new int[2 * parts];
        queue.download(partial, sums, 0);
        double sum = 0;
        for (int part = 0; part < parts; part++) {
            int low = sums[2 * part];
            long bits = (long) sums[2 * part + 1] << 32 | low & 0xffffffffL;
            sum += queue.device().hasDoubles() ? Double.longBitsToDouble(bits) : Float.intBitsToFloat(low);
        }
        return sum;
    }

    /// In how many parts [#squares] adds up a contiguous array.
    static int partsOfSquares(NdArray in) {
        return Math.ceilDiv(in.elements(), LONG_PART);
    }

    /// Puts the parts' sums of squares, of 8 bytes each, into `partial` from the `first` one on.
    static void squares(Queue queue, DeviceBuffer partial, int first, NdArray in) {
        Arguments arguments =
                Arguments.of(in.elements(), LONG_PART, partial, first).in(in);
        run(queue, "squares", partsOfSquares(in), arguments);
    }

    /// Runs a kernel of one item a group that adds in double precision, where the device has it.
    static void run(Queue queue, String kernel, int items, Arguments arguments) {
        String options = "-DWHAT=SUM" + (queue.device().hasDoubles() ? " -DDOUBLES" : "");
        queue.run(PROGRAM, options, kernel, new long[] {items}, new long[] {1}, arguments.toArray());
    }

    @Override
    public boolean allFinite(NdArray in) {
        NdArray result = temporary(Temporary.FINITE, 1);
        NdArray flat = in.reshape(Shape.of(in.elements()));
        reduce("-DWHAT=FINITE", result, flat, false);
        float[] zero = new float[1];
        queue.download(result, zero, 0);
        return zero[0] == 0;
    }
}
