package torrefy.tensor.op;

import java.util.List;
import torrefy.core.backend.Backend;
import torrefy.core.memory.NdArray;
import torrefy.tensor.Gradients;
import torrefy.tensor.Tensor;

/// `out = in − max − ln Σ exp(in − max)` over the innermost axis; `dIn = dOut − exp(out)·Σ dOut`.
///
/// Shapes: `(…, V)`, unchanged.
public record LogSoftmax(Tensor in, Tensor out) implements Op {

    public static Tensor apply(Tensor in) {
        Backend backend = Operands.backend("logSoftmax", in);
        in.shape().axis(-1);
        Tensor out = Tensor.of(backend, Tensor.allocate(backend, in.shape()));
        backend.softmax().logSoftmax(out.data().rows(), in.contiguous().data().rows());
        return out.madeBy(new LogSoftmax(in, out));
    }

    @Override
    public List<Tensor> inputs() {
        return List.of(in);
    }

    @Override
    public List<Tensor> saved() {
        return List.of(out);
    }

    @Override
    public void backward(Tensor dOut, Gradients gradients) {
        NdArray dRows = dOut.contiguous().data().rows();
        gradients.into(
                in,
                (dIn, accumulate) -> in.backend()
                        .softmax()
                        .logSoftmaxGradient(dIn.rows(), out.data().rows(), dRows, accumulate));
    }
}
