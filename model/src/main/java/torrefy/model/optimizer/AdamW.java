package torrefy.model.optimizer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import torrefy.core.backend.OptimizerKernels.AdamWStep;
import torrefy.core.memory.DataType;
import torrefy.core.memory.NdArray;
import torrefy.core.random.RandomKey;
import torrefy.model.layer.ParameterSpace;
import torrefy.model.layer.Stretch;

/// Adam with weight decay beside the gradient instead of inside it: Loshchilov and Hutter, "Decoupled weight decay
/// regularization", arXiv 1711.05101. The formula stands in [torrefy.core.backend.OptimizerKernels#adamW].
///
/// Only matrices decay: a bias or a norm's scale has no reason to be small.
public final class AdamW {

    /// @param beta1 decay of the mean gradient
    /// @param beta2 decay of the mean squared gradient
    /// @param epsilon added to the root of the mean squared gradient
    /// @param weightDecay of matrices, per step and unit of learning rate
    public record Settings(float beta1, float beta2, float epsilon, float weightDecay) {

        public Settings {
            if (!(beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1 && epsilon > 0 && weightDecay >= 0)) {
                throw new IllegalArgumentException(
                        "AdamW: betas must be in [0, 1), epsilon above 0, decay at least 0: got " + beta1 + ", " + beta2
                                + ", " + epsilon + ", " + weightDecay);
            }
        }

        /// β 0.9 and 0.95, ε 1e-8, decay 0.1: what GPT-3 used (Brown et al., arXiv 2005.14165, appendix B).
        public static Settings standard() {
            return new Settings(0.9f, 0.95f, 1e-8f, 0.1f);
        }
    }

    /// What is remembered of one parameter's gradient, in its shape.
    ///
    /// @param mean its running mean, m
    /// @param meanSquare the running mean of its squares, v
    public record Moments(NdArray mean, NdArray meanSquare) {}

    /// A stretch of parameters and what is remembered of their gradients.
    private record State(Stretch stretch, NdArray m, NdArray v) {}

    private final ParameterSpace parameters;
    private final Settings settings;
    private final List<State> states = new ArrayList<>();
    private final long count;
    private final RandomKey rounding;
    private int step;

    /// For the parameters that are there now; none may be added afterwards. Moments are stored as `F32`.
    public AdamW(ParameterSpace parameters, Settings settings) {
        this(parameters, settings, DataType.F32, 0);
    }

    /// For the parameters that are there now; none may be added afterwards.
    ///
    /// @param momentType how moments are stored: `F32` or `BF16`
    /// @param seed of the rounding, where weights or moments are `BF16`
    public AdamW(ParameterSpace parameters, Settings settings, DataType momentType, long seed) {
        this.parameters = parameters;
        this.settings = settings;
        this.rounding = RandomKey.of(seed).derive("rounding");
        this.count = parameters.count();
        for (Stretch stretch : parameters.stretches()) {
            states.add(new State(stretch, zeros(stretch, momentType), zeros(stretch, momentType)));
        }
    }

    private NdArray zeros(Stretch stretch, DataType type) {
        return NdArray.of(
                parameters.backend().allocate(type, stretch.elements()),
                stretch.weights().shape());
    }

    /// Moves every parameter once against its gradient, and sets the gradient to zero: one pass over memory.
    ///
    /// @param learningRate of this step
    /// @param gradientScale multiplies all gradients first
    /// @throws IllegalStateException if parameters were added since this was made
    public void step(float learningRate, float gradientScale) {
        step(learningRate, gradientScale, null);
    }

    /// The same, after what [GradientNorm#clip] found. If that says that the gradient is not finite, nothing moves.
    ///
    /// @param clipping multiplies all gradients first
    /// @throws IllegalStateException if parameters were added since this was made
    public void step(float learningRate, GradientNorm.Clipping clipping) {
        step(learningRate, 1, clipping.factor());
    }

    private void step(float learningRate, float gradientScale, NdArray factor) {
        if (parameters.count() != count) {
            throw new IllegalStateException("AdamW: made for " + count + " parameters, of which there are now "
                    + parameters.count() + "; make it after the model");
        }
        step++;
        for (int i = 0; i < states.size(); i++) {
            State state = states.get(i);
            AdamWStep numbers = new AdamWStep(
                    learningRate,
                    settings.beta1,
                    settings.beta2,
                    settings.epsilon,
                    state.stretch.matrices() ? settings.weightDecay : 0,
                    gradientScale,
                    step,
                    rounding.derive(step).derive(i));
            Stretch stretch = state.stretch;
            parameters
                    .backend()
                    .optimizer()
                    .adamW(stretch.weights(), stretch.gradients(), state.m, state.v, factor, numbers);
        }
        parameters.changed();
    }

    /// The number of steps taken.
    public int steps() {
        return step;
    }

    /// What is remembered of each parameter's gradient, by the parameter's name: the memory itself, not a copy.
    public Map<String, Moments> moments() {
        Map<String, Moments> moments = new LinkedHashMap<>();
        for (State state : states) {
            for (Stretch.Part part : state.stretch.parts()) {
                moments.put(part.parameter().name(), new Moments(part.of(state.m), part.of(state.v)));
            }
        }
        return moments;
    }

    /// Takes up where another stopped that had taken `steps` steps, and whose [#moments] these are now.
    public void continueAfter(int steps) {
        step = steps;
    }
}
