package torrefy.tensor.op;

import java.util.Arrays;
import torrefy.core.backend.Backend;
import torrefy.core.shape.Shape;
import torrefy.tensor.Tensor;

/// What a tensor of a test case is made from: its part, shape and values in row-major order.
record Operand(Kind kind, Shape shape, float[] values) {

    enum Kind {
        /// Wants a gradient.
        INPUT,
        /// Wants none.
        CONSTANT,
        /// Whole numbers.
        INDICES
    }

    static Operand input(Shape shape, float... values) {
        return new Operand(Kind.INPUT, shape, values);
    }

    /// A fresh tensor of these values.
    Tensor on(Backend backend) {
        return on(backend, values);
    }

    /// A fresh tensor of these values, no two neighbours of which lie side by side in memory if it has more than one
    /// axis or element.
    Tensor strided(Backend backend) {
        Tensor dense = on(backend).detach();
        Tensor view = dense;
        if (shape.rank() == 1) {
            float[] apart = new float[2 * values.length];
            for (int i = 0; i < values.length; i++) {
                apart[2 * i + 1] = values[i];
            }
            Operand pairs = new Operand(kind, Shape.of(values.length, 2), apart);
            view = pairs.on(backend).detach().slice(1, 1, 2).reshape(shape);
        } else if (shape.rank() > 1) {
            int[] reversed = new int[shape.rank()];
            Arrays.setAll(reversed, axis -> shape.rank() - 1 - axis);
            view = dense.permute(reversed).contiguous().permute(reversed);
        }
        return kind == Kind.INPUT ? view.withGradient() : view;
    }

    /// A fresh tensor of other values.
    Tensor on(Backend backend, float[] others) {
        if (kind != Kind.INDICES) {
            Tensor tensor = Tensor.of(backend, others.clone(), shape.sizes()).reshape(shape);
            return kind == Kind.INPUT ? tensor.withGradient() : tensor;
        }
        int[] whole = new int[others.length];
        for (int i = 0; i < whole.length; i++) {
            whole[i] = (int) others[i];
        }
        return Tensor.of(backend, whole, shape.sizes()).reshape(shape);
    }
}
