package torrefy.model.training;

import java.util.ArrayList;
import java.util.List;
import torrefy.core.memory.DataType;
import torrefy.core.random.RandomKey;
import torrefy.model.architecture.Transformer;
import torrefy.tensor.GradientMode;
import torrefy.tensor.Parameter;
import torrefy.tensor.Tensor;

/// Finds out where numbers stopped being finite in a step that changed nothing.
final class FirstNonFinite {

    private final Transformer model;

    FirstNonFinite(Transformer model) {
        this.model = model;
    }

    /// The first parameter or layer of which some values are not finite, when the step's layers are computed once more,
    /// to the bit.
    ///
    /// @param inputs of the step's last batch
    /// @param dropoutKey the batch's
    String layer(Tensor inputs, RandomKey dropoutKey) {
        for (Parameter parameter : model.parameters().all()) {
            if (!isFinite(parameter)) {
                return "parameter " + parameter.name();
            }
        }
        List<String> places = new ArrayList<>();
        GradientMode.off(() -> model.observe(inputs, dropoutKey, (name, activation) -> {
            if (places.isEmpty() && !isFinite(activation)) {
                places.add("layer " + name);
            }
        }));
        // The logits are not kept to be looked at, but nothing else is left.
        return places.isEmpty() ? "the logits" : places.get(0);
    }

    /// The first parameter whose gradient is not finite.
    String gradient() {
        return model.parameters().all().stream()
                .filter(parameter -> !isFinite(parameter.gradient()))
                .map(parameter -> "the gradient of " + parameter.name())
                .findFirst()
                .orElse("the sum of their squares");
    }

    private static boolean isFinite(Tensor tensor) {
        return tensor.backend()
                .reduction()
                .allFinite(tensor.to(DataType.F32).contiguous().data());
    }
}
