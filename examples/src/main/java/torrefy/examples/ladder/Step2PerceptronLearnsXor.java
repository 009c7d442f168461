package torrefy.examples.ladder;

import java.util.Locale;
import torrefy.core.backend.Backend;
import torrefy.core.backend.Backends;
import torrefy.model.layer.ParameterSpace;
import torrefy.tensor.GradientMode;
import torrefy.tensor.Parameter;
import torrefy.tensor.Tensor;

/// Step 2: a perceptron with one hidden layer learns exclusive or, which no single layer can: no straight line
/// separates {01, 10} from {00, 11}. Minsky and Papert, "Perceptrons", 1969.
///
/// `p = σ(tanh(x·W₁ + b₁)·W₂ + b₂)`, trained on all four cases at once by plain gradient descent on the squared error.
///
/// Expected output: the loss falls from about 0.25 to under 0.001, and the last column rounds to 0 1 1 0.
public final class Step2PerceptronLearnsXor {

    private static final int HIDDEN = 8;
    private static final float LEARNING_RATE = 2;

    public static void main(String[] arguments) {
        Backend backend = Backends.standard();
        Tensor x = Tensor.of(backend, new float[] {0, 0, 0, 1, 1, 0, 1, 1}, 4, 2);
        Tensor wanted = Tensor.of(backend, new float[] {0, 1, 1, 0}, 4, 1);

        ParameterSpace space = new ParameterSpace(backend, 42);
        Parameter w1 = space.normal("w1", 1, 2, HIDDEN);
        Parameter b1 = space.constant("b1", 0, HIDDEN);
        Parameter w2 = space.normal("w2", 1, HIDDEN, 1);
        Parameter b2 = space.constant("b2", 0, 1);

        for (int step = 0; step <= 2000; step++) {
            Tensor p = x.linear(w1, b1).tanh().linear(w2, b2).sigmoid();
            Tensor error = p.subtract(wanted);
            Tensor loss = error.multiply(error).mean();
            if (step % 400 == 0) {
                System.out.printf(Locale.ROOT, "step %4d  loss %.5f%n", step, loss.item());
            }
            space.zeroGradients();
            loss.backward();
            GradientMode.off(
                    () -> space.all().forEach(parameter -> parameter.addInPlace(parameter.gradient(), -LEARNING_RATE)));
        }

        float[] p = x.linear(w1, b1).tanh().linear(w2, b2).sigmoid().toFloats();
        for (int i = 0; i < 4; i++) {
            System.out.printf(Locale.ROOT, "%d xor %d = %.3f%n", i / 2, i % 2, p[i]);
        }
    }
}
