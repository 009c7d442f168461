package torrefy.examples.ladder;

import java.util.Locale;
import torrefy.tensor.Tensor;

/// Step 1: a gradient three ways.
///
/// The function is `f(w) = (w·x − y)²`, the squared error of a one-weight model that should turn x = 3 into y = 6.
/// Its derivative, by the chain rule, is `f'(w) = 2·(w·x − y)·x`. Finite differences approximate it without any
/// calculus, and `backward()` computes it from the operations that made f.
///
/// Expected output:
///
/// ```text
/// by hand             -18.0000
/// finite differences  -18.0000
/// backward            -18.0000
/// after 30 steps downhill w = 2.0000
/// ```
public final class Step1GradientByHand {

    private static final double X = 3;
    private static final double Y = 6;

    public static void main(String[] arguments) {
        double w = 1;
        double byHand = 2 * (w * X - Y) * X;

        double h = 1e-6;
        double byDifferences = (f(w + h) - f(w - h)) / (2 * h);

        Tensor weight = Tensor.of(new float[] {(float) w}).withGradient();
        loss(weight).backward();
        float byBackward = weight.gradient().item();

        System.out.printf(Locale.ROOT, "by hand             %8.4f%n", byHand);
        System.out.printf(Locale.ROOT, "finite differences  %8.4f%n", byDifferences);
        System.out.printf(Locale.ROOT, "backward            %8.4f%n", byBackward);

        // Learning is nothing but walking against the gradient.
        for (int step = 0; step < 30; step++) {
            Tensor leaf = Tensor.of(new float[] {(float) w}).withGradient();
            loss(leaf).backward();
            w -= 0.02 * leaf.gradient().item();
        }
        System.out.printf(Locale.ROOT, "after 30 steps downhill w = %.4f%n", w);
    }

    private static double f(double w) {
        return (w * X - Y) * (w * X - Y);
    }

    private static Tensor loss(Tensor weight) {
        Tensor error = weight.multiply((float) X).subtract((float) Y);
        return error.multiply(error);
    }
}
