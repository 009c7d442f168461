package torrefy.model.plan;

import java.util.List;
import java.util.Locale;

/// A scaling law whose E, A and B were fitted to small models trained on the user's own text, its exponents held at
/// those of a published law: three sizes cannot tell five constants.
///
/// With α and β given, the law is linear in (E, A, B) at `x = (1, N^−α, D^−β)`: they are found by least squares, none
/// below 0. The range is the prediction interval `± 2·s·√(1 + xᵀ(XᵀX)⁻¹x)`, s² the residuals' variance: it widens the
/// further a size lies from those that were tried, and knows nothing of the exponents' own error.
public final class FittedLaw implements LossModel {

    /// A model that was trained.
    ///
    /// @param parameters N
    /// @param tokens D
    /// @param loss on held-out text, in nats a token
    public record Point(double parameters, double tokens, double loss) {}

    private static final int UNKNOWNS = 3;

    /// No fit of so few runs is better than this, whatever its residuals say.
    private static final double SMALLEST_DEVIATION = 0.01;

    private final ScalingLaw law;
    private final List<Point> points;
    private final double deviation;
    private final double[][] inverse;

    private FittedLaw(ScalingLaw law, List<Point> points, double deviation, double[][] inverse) {
        this.law = law;
        this.points = points;
        this.deviation = deviation;
        this.inverse = inverse;
    }

    /// Fits E, A and B to `points`.
    ///
    /// @param exponents the law whose α and β are held
    /// @throws IllegalArgumentException if there are fewer than four points, or they do not tell size from text
    public static FittedLaw of(List<Point> points, ScalingLaw exponents) {
        if (points.size() <= UNKNOWNS) {
            throw new IllegalArgumentException("a law of three constants needs at least 4 runs, got " + points.size());
        }
        double[][] x = new double[points.size()][];
        double[] y = new double[points.size()];
        for (int i = 0; i < x.length; i++) {
            x[i] = features(exponents, points.get(i).parameters, points.get(i).tokens);
            y[i] = points.get(i).loss;
        }
        LeastSquares squares = LeastSquares.nonNegative(x, y);
        double[] found = squares.solution();
        ScalingLaw law = new ScalingLaw(
                found[0],
                found[1],
                found[2],
                exponents.alpha(),
                exponents.beta(),
                points.size() + " runs on this text, " + "exponents of " + exponents.source());
        double deviation =
                Math.max(SMALLEST_DEVIATION, Math.sqrt(squares.squaredResiduals() / (points.size() - UNKNOWNS)));
        return new FittedLaw(law, List.copyOf(points), deviation, squares.inverse());
    }

    private static double[] features(ScalingLaw exponents, double parameters, double tokens) {
        return new double[] {1, Math.pow(parameters, -exponents.alpha()), Math.pow(tokens, -exponents.beta())};
    }

    @Override
    public Prediction predict(double parameters, double tokens) {
        double[] x = features(law, parameters, tokens);
        double spread = 1;
        for (int i = 0; i < UNKNOWNS; i++) {
            for (int j = 0; j < UNKNOWNS; j++) {
                spread += x[i] * inverse[i][j] * x[j];
            }
        }
        double margin = 2 * deviation * Math.sqrt(spread);
        double loss = law.loss(parameters, tokens);
        return new Prediction(loss, loss - margin, loss + margin);
    }

    @Override
    public ScalingLaw law() {
        return law;
    }

    /// The runs it was fitted to.
    public List<Point> points() {
        return points;
    }

    @Override
    public String description() {
        return String.format(
                Locale.ROOT,
                "%s (%s), which misses them by %.3f; the range is two such deviations, wider away from the runs",
                law.formula(),
                law.source(),
                deviation);
    }
}
