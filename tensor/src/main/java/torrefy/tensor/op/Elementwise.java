package torrefy.tensor.op;

import java.util.Locale;
import torrefy.core.backend.Backend;
import torrefy.core.backend.BinaryFunction;
import torrefy.core.memory.NdArray;
import torrefy.core.shape.Broadcast;
import torrefy.core.shape.Shape;
import torrefy.tensor.Tensor;

/// The forward pass that all functions of two numbers share: broadcast, check, compute.
final class Elementwise {

    private Elementwise() {}

    static Tensor binary(BinaryFunction f, Tensor a, Tensor b) {
        String name = f.name().toLowerCase(Locale.ROOT);
        Backend backend = Operands.backend(name, a, b);
        Shape shape = Broadcast.shape(name, a.shape(), b.shape());
        NdArray out = Tensor.allocate(backend, shape);
        backend.elementwise().binary(f, out, stretched(a, shape), stretched(b, shape));
        return Tensor.of(backend, out);
    }

    /// The elements of `tensor` read as if it had `shape`: repeated axes get stride 0.
    static NdArray stretched(Tensor tensor, Shape shape) {
        return tensor.data().with(tensor.data().layout().broadcastTo(shape));
    }
}
