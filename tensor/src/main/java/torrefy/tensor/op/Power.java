package torrefy.tensor.op;

import java.util.List;
import torrefy.core.backend.BinaryFunction;
import torrefy.tensor.Gradients;
import torrefy.tensor.Tensor;

/// `out = aᵇ`; `dA = dOut·b·aᵇ⁻¹`, `dB = dOut·aᵇ·ln a`.
///
/// Where b is 0 the first is 0, where a is 0 the second is.
///
/// Shapes: any two that broadcast; the result has the shape in which they meet.
public record Power(Tensor a, Tensor b) implements Op {

    public static Tensor apply(Tensor a, Tensor b) {
        return Elementwise.binary(BinaryFunction.POWER, a, b).madeBy(new Power(a, b));
    }

    @Override
    public List<Tensor> inputs() {
        return List.of(a, b);
    }

    @Override
    public void backward(Tensor dOut, Gradients gradients) {
        if (gradients.wanted(a)) {
            Tensor slope = b.multiply(a.pow(b.subtract(1)));
            gradients.give(a, dOut.multiply(b.equalTo(zero()).where(zero(), slope)));
        }
        if (gradients.wanted(b)) {
            Tensor slope = a.pow(b).multiply(a.log());
            gradients.give(b, dOut.multiply(a.equalTo(zero()).where(zero(), slope)));
        }
    }

    private Tensor zero() {
        return Tensor.scalar(a.backend(), 0);
    }
}
