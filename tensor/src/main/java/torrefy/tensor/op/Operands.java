package torrefy.tensor.op;

import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import torrefy.core.backend.Backend;
import torrefy.core.backend.UnaryFunction;
import torrefy.core.memory.DataType;
import torrefy.core.shape.Shape;
import torrefy.tensor.Tensor;

/// The checks at the public edge of the library that all ops share.
final class Operands {

    private static final Set<UnaryFunction> BETWEEN_MAPS =
            EnumSet.of(UnaryFunction.GELU_TANH, UnaryFunction.GELU_ERF, UnaryFunction.SILU, UnaryFunction.RELU);

    private Operands() {}

    /// The backend of all operands; throws if they are not on one backend, `stored` neither `F32` nor `BF16`, or any
    /// other not `F32`.
    static Backend backendWithStored(String operation, Tensor stored, Tensor... operands) {
        if (stored.type() != DataType.BF16) {
            backend(operation, stored);
        }
        for (Tensor operand : operands) {
            if (operand.backend() != stored.backend()) {
                throw onTwoBackends(operation, operand, stored);
            }
            backend(operation, operand);
        }
        return stored.backend();
    }

    /// The backend of all `operands`; throws if they are not all `F32` on one backend.
    static Backend backend(String operation, Tensor... operands) {
        Backend backend = operands[0].backend();
        for (Tensor operand : operands) {
            if (operand.backend() != backend) {
                throw onTwoBackends(operation, operands[0], operand);
            }
            if (operand.type() != DataType.F32) {
                throw new IllegalArgumentException(operation + ": expected F32, got " + operand.type() + " of shape "
                        + operand.shape() + (operand.type() == DataType.BF16 ? "; convert with to(F32)" : ""));
            }
        }
        return backend;
    }

    /// `indices` without gaps, as kernels want them; throws unless they are whole numbers on the backend of `of`.
    static Tensor indices(String operation, Tensor indices, Tensor of) {
        if (indices.type() != DataType.I32) {
            throw new IllegalArgumentException(
                    operation + ": indices must be I32, got " + indices.type() + " of shape " + indices.shape());
        }
        if (indices.backend() != of.backend()) {
            throw onTwoBackends(operation, of, indices);
        }
        return indices.contiguous();
    }

    /// Throws if an index is neither in `0 … limit − 1` nor `ignore`; `what` names it in the message.
    static void requireInRange(String operation, String what, Tensor indices, int limit, int ignore) {
        int position = indices.backend().index().firstOutOfRange(indices.data(), limit, ignore);
        if (position >= 0) {
            throw new IllegalArgumentException(operation + ": " + what + " " + indices.toInts()[position]
                    + " at position " + position + " is out of range 0 to " + (limit - 1));
        }
    }

    /// Throws unless `in (…, K)`, `weight (K, N)` and `bias (N)`, which may be null, make a linear map.
    static void requireFit(String operation, Tensor in, Tensor weight, Tensor bias) {
        if (in.rank() < 1 || weight.rank() != 2 || in.size(-1) != weight.size(0)) {
            throw new IllegalArgumentException(
                    operation + ": shapes do not fit: " + in.shape() + " x " + weight.shape());
        }
        if (bias != null && !bias.shape().equals(Shape.of(weight.size(1)))) {
            throw new IllegalArgumentException(operation + ": the bias has shape " + bias.shape() + ", the weight "
                    + weight.shape() + " needs (" + weight.size(1) + ")");
        }
    }

    /// Throws unless `down (F, N)` and `bias (N)`, which may be null, make a linear map of what `up (C, F)` makes.
    static void requireFollows(String operation, Tensor up, Tensor down, Tensor bias) {
        if (down.rank() != 2 || down.size(0) != up.size(1)) {
            throw new IllegalArgumentException(operation + ": shapes do not fit: " + up.shape() + " x " + down.shape());
        }
        if (bias != null && !bias.shape().equals(Shape.of(down.size(1)))) {
            throw new IllegalArgumentException(operation + ": the second bias has shape " + bias.shape()
                    + ", the weight " + down.shape() + " needs (" + down.size(1) + ")");
        }
    }

    /// Throws unless f can be computed a second time in backward, its derivative a function of its argument alone.
    static void requireBetweenMaps(String operation, UnaryFunction f) {
        if (!BETWEEN_MAPS.contains(f)) {
            throw new IllegalArgumentException(
                    operation + ": the function must be one of " + BETWEEN_MAPS + ", got " + f);
        }
    }

    /// Throws unless `residual` is null or has the shape of what it is added to.
    static void requireResidual(String operation, Tensor residual, Shape out) {
        if (residual != null && !residual.shape().equals(out)) {
            throw new IllegalArgumentException(
                    operation + ": the residual has shape " + residual.shape() + ", what is added to it has " + out);
        }
    }

    /// Those that are not null, in order.
    static Tensor[] present(Tensor... operands) {
        return Stream.of(operands).filter(Objects::nonNull).toArray(Tensor[]::new);
    }

    private static IllegalArgumentException onTwoBackends(String operation, Tensor first, Tensor other) {
        return new IllegalArgumentException(operation + ": operands live on two backends, "
                + first.backend().name() + " " + first.shape() + " and another "
                + other.backend().name() + " " + other.shape());
    }
}
