package torrefy.model.optimizer;

import java.util.ArrayList;
import java.util.List;
import torrefy.core.backend.Backend;
import torrefy.core.backend.OptimizerKernels.AdamWStep;
import torrefy.core.memory.DataType;
import torrefy.core.memory.NdArray;
import torrefy.model.layer.ParameterSpace;
import torrefy.tensor.Parameter;

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

    private record Moments(NdArray m, NdArray v) {}

    private final ParameterSpace parameters;
    private final Settings settings;
    private final List<Moments> moments = new ArrayList<>();
    private int step;

    public AdamW(ParameterSpace parameters, Settings settings) {
        this.parameters = parameters;
        this.settings = settings;
        Backend backend = parameters.backend();
        for (Parameter parameter : parameters.all()) {
            moments.add(new Moments(zerosLike(backend, parameter), zerosLike(backend, parameter)));
        }
    }

    private static NdArray zerosLike(Backend backend, Parameter parameter) {
        return NdArray.of(backend.allocate(DataType.F32, parameter.shape().elements()), parameter.shape());
    }

    /// Moves every parameter once against its gradient.
    ///
    /// @param learningRate of this step
    /// @param gradientScale multiplies all gradients first: 1, or less to clip them
    public void step(float learningRate, float gradientScale) {
        step++;
        Backend backend = parameters.backend();
        List<Parameter> all = parameters.all();
        for (int i = 0; i < moments.size(); i++) {
            Parameter parameter = all.get(i);
            float decay = parameter.rank() >= 2 ? settings.weightDecay : 0;
            backend.optimizer()
                    .adamW(
                            parameter.data(),
                            parameter.gradient().data(),
                            moments.get(i).m,
                            moments.get(i).v,
                            new AdamWStep(
                                    learningRate,
                                    settings.beta1,
                                    settings.beta2,
                                    settings.epsilon,
                                    decay,
                                    gradientScale,
                                    step));
            parameter.data().buffer().changed();
        }
    }

    /// The number of steps taken.
    public int steps() {
        return step;
    }
}
