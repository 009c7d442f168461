package torrefy.tensor.op;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import torrefy.core.backend.Backend;
import torrefy.core.random.RandomKey;
import torrefy.tensor.GradientMode;
import torrefy.tensor.Tensor;

/// Compares the gradients of a function with differences of its values.
///
/// The function is made a single number by weights, `L = Σ dOut ⊙ f(x)`, summed in double precision. Along a direction
/// v the derivative of L is `Σ dx ⊙ v` if the gradient `dx` is right, and
/// `(8·(L(x + hv) − L(x − hv)) − (L(x + 2hv) − L(x − 2hv)))/(12h)` up to h⁴ times a fifth derivative (Abramowitz and
/// Stegun, 25.3.6). With h = 1/64 and x and v multiples of 1/64 and 1/2 the points are exact in single precision, so
/// that what is left is the rounding of f itself.
final class FiniteDifferences {

    private static final double STEP = 0x1p-6;
    private static final int DIRECTIONS = 3;

    /// Half a unit in the last place of 1.
    private static final double ROUNDING = 0x1p-24;

    /// How many roundings a result may have gone through, one upon the other.
    private static final double ROUNDINGS = 8;

    /// What h⁴ and the rounding of the gradient itself leave, relative to the gradient.
    private static final double RELATIVE = 1e-4;

    private FiniteDifferences() {}

    /// Checks the gradient of every input of `opCase`.
    ///
    /// @return the classes of the ops that lay between result and inputs
    static Set<Class<?>> check(OpCase opCase, Backend backend) {
        List<Tensor> in = opCase.tensors(backend);
        Tensor out = opCase.function().apply(in);
        Set<Class<?>> ops = opsBehind(out);
        float[] dOut = randomMultiplesOfHalf(RandomKey.of(1), out.shape().elements());
        out.backward(Tensor.of(backend, dOut.clone()).reshape(out.shape()));
        double noise = ROUNDINGS * ROUNDING * largest(out.toFloats()) * norm(dOut) / STEP;
        for (int operand = 0; operand < in.size(); operand++) {
            if (opCase.operands().get(operand).kind() != Operand.Kind.INPUT) {
                continue;
            }
            float[] gradient = in.get(operand).gradient().toFloats();
            for (int k = 0; k < DIRECTIONS; k++) {
                float[] v = randomMultiplesOfHalf(RandomKey.of(2).derive(k), gradient.length);
                double near =
                        value(opCase, backend, dOut, operand, v, 1) - value(opCase, backend, dOut, operand, v, -1);
                double far = value(opCase, backend, dOut, operand, v, 2) - value(opCase, backend, dOut, operand, v, -2);
                double expected = (8 * near - far) / (12 * STEP);
                double actual = 0;
                double squares = 0;
                for (int i = 0; i < v.length; i++) {
                    double term = (double) gradient[i] * v[i];
                    actual += term;
                    squares += term * term;
                }
                double tolerance = noise + RELATIVE * Math.sqrt(squares);
                assertEquals(
                        expected,
                        actual,
                        tolerance,
                        opCase + " on " + backend.name() + ": derivative by operand " + operand + ", direction " + k);
            }
        }
        return ops;
    }

    /// The classes of the ops in the graph behind `result`.
    static Set<Class<?>> opsBehind(Tensor result) {
        Set<Class<?>> ops = new HashSet<>();
        Set<Tensor> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Tensor> open = new ArrayDeque<>(List.of(result));
        while (!open.isEmpty()) {
            Tensor tensor = open.pop();
            if (seen.add(tensor) && tensor.origin() != null) {
                ops.add(tensor.origin().getClass());
                open.addAll(tensor.origin().inputs());
            }
        }
        return ops;
    }

    /// L at `steps` steps from the case's operands, one of which is moved along `v`.
    private static double value(OpCase opCase, Backend backend, float[] dOut, int moved, float[] v, int steps) {
        List<Tensor> in = new ArrayList<>(opCase.tensors(backend));
        Operand operand = opCase.operands().get(moved);
        float[] there = operand.values().clone();
        for (int i = 0; i < there.length; i++) {
            there[i] += (float) (steps * STEP * v[i]);
        }
        in.set(moved, operand.on(backend, there));
        float[] out = GradientMode.off(() -> opCase.function().apply(in).toFloats());
        double sum = 0;
        for (int i = 0; i < out.length; i++) {
            sum += (double) dOut[i] * out[i];
        }
        return sum;
    }

    /// 1/2 or 1 with either sign.
    private static float[] randomMultiplesOfHalf(RandomKey key, int count) {
        float[] drawn = new float[count];
        int[] words = new int[4];
        for (int i = 0; i < count; i++) {
            key.words(i, words, 0);
            drawn[i] = ((words[0] & 1) == 0 ? 1f : 0.5f) * ((words[1] & 1) == 0 ? 1 : -1);
        }
        return drawn;
    }

    private static double largest(float[] values) {
        double largest = 0;
        for (float value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }

    private static double norm(float[] values) {
        double squares = 0;
        for (float value : values) {
            squares += (double) value * value;
        }
        return Math.sqrt(squares);
    }
}
