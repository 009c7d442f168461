package torrefy.benchmarks.peers;

import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.OperatorHandle;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorType;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.Type;
import org.bytedeco.pytorch.global.torch;
import torrefy.model.optimizer.AdamW;

/// libtorch's fused AdamW over all parameters in one call.
///
/// Its C++ class of that name is another: some ten passes over memory a parameter. The fused operator is reached the
/// way Python reaches it, by name through the dispatcher.
final class TorchAdamW implements AutoCloseable {

    private final AdamW.Settings settings = AdamW.Settings.standard();
    private final List<Tensor> parameters;
    private final boolean clip;
    private final OperatorHandle fused;
    private final List<Tensor> m;
    private final List<Tensor> v;
    private final List<Tensor> steps;

    /// @param clip whether the gradient's length is limited to 1 first
    TorchAdamW(List<Tensor> parameters, boolean clip) {
        this.parameters = List.copyOf(parameters);
        this.clip = clip;
        m = parameters.stream().map(TorchAdamW::zerosLike).toList();
        v = parameters.stream().map(TorchAdamW::zerosLike).toList();
        steps = parameters.stream().map(parameter -> kept(torch.zeros())).toList();
        fused = Dispatcher.singleton().findSchemaOrThrow("aten::_fused_adamw_", "");
        fused.retainReference();
    }

    private static Tensor zerosLike(Tensor parameter) {
        return kept(torch.zeros_like(parameter));
    }

    private static Tensor kept(Tensor tensor) {
        tensor.retainReference();
        return tensor;
    }

    /// Moves every parameter once against the gradient that its last backward left, and drops the gradient.
    void step(double learningRate) {
        PointerScope scope = new PointerScope();
        try {
            step(learningRate, parameters.stream().map(Tensor::grad).toList());
            parameters.forEach(parameter -> parameter.mutable_grad().reset());
        } finally {
            scope.close();
        }
    }

    /// Moves every parameter once against the gradient at its place in the list.
    void step(double learningRate, List<Tensor> gradients) {
        PointerScope scope = new PointerScope();
        NoGradGuard unrecorded = new NoGradGuard();
        try {
            IValue scale = clip ? clipScale(gradients) : new IValue();
            for (Tensor step : steps) {
                step.add_(new Scalar(1.0));
            }
            IValueVector stack = new IValueVector();
            stack.push_back(list(parameters));
            stack.push_back(list(gradients));
            stack.push_back(list(m));
            stack.push_back(list(v));
            stack.push_back(list(List.of()));
            stack.push_back(list(steps));
            stack.push_back(new IValue(learningRate));
            stack.push_back(new IValue((double) settings.beta1()));
            stack.push_back(new IValue((double) settings.beta2()));
            stack.push_back(new IValue((double) settings.weightDecay()));
            stack.push_back(new IValue((double) settings.epsilon()));
            // No AMSGrad, no maximizing.
            stack.push_back(new IValue(false));
            stack.push_back(new IValue(false));
            stack.push_back(scale);
            stack.push_back(new IValue());
            fused.callBoxed(stack);
        } finally {
            unrecorded.close();
            scope.close();
        }
    }

    /// What gradients are divided by inside the fused update; nothing if they are short enough.
    private static IValue clipScale(List<Tensor> gradients) {
        TensorVector norms = new TensorVector();
        gradients.forEach(gradient -> norms.push_back(torch.linalg_vector_norm(gradient)));
        float norm = torch.linalg_vector_norm(torch.stack(norms)).item_float();
        return norm > 1 ? new IValue(torch.tensor(norm)) : new IValue();
    }

    private static IValue list(List<Tensor> tensors) {
        GenericList list = new GenericList(new Type.TypePtr(TensorType.get()));
        tensors.forEach(tensor -> list.push_back(new IValue(tensor)));
        return new IValue(list);
    }

    @Override
    public void close() {
        m.forEach(Tensor::releaseReference);
        v.forEach(Tensor::releaseReference);
        steps.forEach(Tensor::releaseReference);
        fused.releaseReference();
    }
}
