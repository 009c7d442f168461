package torrefy.tensor.op;

import java.util.ArrayList;
import java.util.List;
import torrefy.core.memory.NdArray;
import torrefy.tensor.Gradients;
import torrefy.tensor.Tensor;

/// The elements `from` (inclusive) to `to` (exclusive) along one axis, a view; `dIn` is `dOut` there and 0 elsewhere.
///
/// Shapes: `(5, 3)`, axis 0, 1 to 4 gives `(3, 3)`.
public record Slice(Tensor in, int axis, int from, int to) implements Op {

    public static Tensor apply(Tensor in, int axis, int from, int to) {
        NdArray view = in.data().with(in.data().layout().slice(axis, from, to - from));
        return Tensor.of(in.backend(), view).madeBy(new Slice(in, axis, from, to));
    }

    /// Cuts `axis` into `parts` slices of equal size.
    public static List<Tensor> split(Tensor in, int axis, int parts) {
        int size = in.size(axis);
        if (parts < 1 || size % parts != 0) {
            throw new IllegalArgumentException(
                    "split: axis " + axis + " of shape " + in.shape() + " does not divide into " + parts + " parts");
        }
        int step = size / parts;
        List<Tensor> slices = new ArrayList<>();
        for (int part = 0; part < parts; part++) {
            slices.add(apply(in, axis, part * step, (part + 1) * step));
        }
        return slices;
    }

    @Override
    public List<Tensor> inputs() {
        return List.of(in);
    }

    @Override
    public List<Tensor> saved() {
        return List.of();
    }

    @Override
    public void backward(Tensor dOut, Gradients gradients) {
        NdArray dIn = gradients.accumulator(in);
        if (dIn != null) {
            NdArray there = dIn.with(dIn.layout().slice(axis, from, to - from));
            in.backend().elementwise().accumulate(there, dOut.data(), 1);
        }
    }
}
