package torrefy.tensor.op;

import java.util.List;
import java.util.Locale;
import torrefy.core.backend.Backend;
import torrefy.core.backend.UnaryFunction;
import torrefy.tensor.Gradients;
import torrefy.tensor.Tensor;

/// `out = f(in)`; `dIn = dOut·f'(in)`. The functions and their derivatives stand in [UnaryFunction].
///
/// Shapes: any, unchanged.
public record Unary(UnaryFunction f, Tensor in, Tensor out) implements Op {

    public static Tensor apply(UnaryFunction f, Tensor in) {
        Backend backend = Operands.backend(f.name().toLowerCase(Locale.ROOT), in);
        Tensor out = Tensor.of(backend, Tensor.allocate(backend, in.shape()));
        backend.elementwise().unary(f, out.data(), in.data());
        return out.madeBy(new Unary(f, in, out));
    }

    @Override
    public List<Tensor> inputs() {
        return List.of(in);
    }

    @Override
    public List<Tensor> saved() {
        return List.of(in, out);
    }

    @Override
    public void backward(Tensor dOut, Gradients gradients) {
        gradients.into(
                in,
                (dIn, accumulate) -> in.backend()
                        .elementwise()
                        .unaryGradient(f, dIn, in.data(), out.data(), dOut.data(), accumulate));
    }

    @Override
    public String label() {
        return f.name();
    }
}
