package torrefy.tensor.op;

import java.util.List;
import torrefy.core.backend.Backend;
import torrefy.core.backend.RotaryKernels.Pairing;
import torrefy.core.memory.NdArray;
import torrefy.core.shape.Shape;
import torrefy.tensor.Gradients;
import torrefy.tensor.Tensor;

/// Turns pairs of elements of position t by their angles: `(x·cos − y·sin, x·sin + y·cos)`; `dIn` is `dOut` turned
/// back.
///
/// Shapes: `(…, T, D)`, `(T, D/2)`, `(T, D/2)` give `(…, T, D)`. Source: [torrefy.core.backend.RotaryKernels].
public record Rotary(Tensor in, Tensor cos, Tensor sin, Pairing pairing) implements Op {

    public static Tensor apply(Tensor in, Tensor cos, Tensor sin, Pairing pairing) {
        Backend backend = Operands.backend("rotary", in, cos, sin);
        if (in.rank() < 2 || in.size(-1) % 2 != 0) {
            throw new IllegalArgumentException("rotary: needs shape (…, T, D) with D even, got " + in.shape());
        }
        Shape angles = Shape.of(in.size(-2), in.size(-1) / 2);
        if (!cos.shape().equals(angles) || !sin.shape().equals(angles)) {
            throw new IllegalArgumentException("rotary: for " + in.shape() + " the angles must have shape " + angles
                    + ", got " + cos.shape() + " and " + sin.shape());
        }
        NdArray out = Tensor.allocate(backend, in.shape());
        backend.rotary()
                .rotate(
                        out,
                        unitInner(in),
                        cos.contiguous().data(),
                        sin.contiguous().data(),
                        pairing,
                        false);
        return Tensor.of(backend, out).madeBy(new Rotary(in, cos.contiguous(), sin.contiguous(), pairing));
    }

    private static NdArray unitInner(Tensor tensor) {
        return tensor.data().stride(-1) == 1
                ? tensor.data()
                : tensor.contiguous().data();
    }

    @Override
    public List<Tensor> inputs() {
        return List.of(in);
    }

    @Override
    public List<Tensor> saved() {
        return List.of(cos, sin);
    }

    @Override
    public void backward(Tensor dOut, Gradients gradients) {
        Tensor dIn = Tensor.of(in.backend(), Tensor.allocate(in.backend(), in.shape()));
        in.backend().rotary().rotate(dIn.data(), unitInner(dOut), cos.data(), sin.data(), pairing, true);
        gradients.give(in, dIn);
    }
}
