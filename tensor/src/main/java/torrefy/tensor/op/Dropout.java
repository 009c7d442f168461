package torrefy.tensor.op;

import java.util.List;
import torrefy.core.backend.Backend;
import torrefy.core.memory.NdArray;
import torrefy.core.random.RandomKey;
import torrefy.tensor.Gradients;
import torrefy.tensor.Tensor;

/// `out = in/(1 − probability)` where a random number falls at or above `probability`, else 0; `dIn` is the same map of
/// `dOut`. The numbers are a function of the key and the position, so the mask is never stored.
///
/// Shapes: any, unchanged. Source: [torrefy.core.backend.RandomKernels#dropout].
public record Dropout(Tensor in, float probability, RandomKey key) implements Op {

    public static Tensor apply(Tensor in, float probability, RandomKey key) {
        Backend backend = Operands.backend("dropout", in);
        if (!(probability >= 0 && probability < 1)) {
            throw new IllegalArgumentException("dropout: the probability must be in [0, 1), got " + probability);
        }
        NdArray out = Tensor.allocate(backend, in.shape());
        backend.random().dropout(out, in.contiguous().data(), key, probability, false);
        return Tensor.of(backend, out).madeBy(new Dropout(in, probability, key));
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
        NdArray dDense = dOut.contiguous().data();
        gradients.into(
                in, (dIn, accumulate) -> in.backend().random().dropout(dIn, dDense, key, probability, accumulate));
    }
}
