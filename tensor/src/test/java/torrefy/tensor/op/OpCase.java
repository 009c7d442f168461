package torrefy.tensor.op;

import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import torrefy.core.backend.Backend;
import torrefy.tensor.Tensor;

/// A function of some operands, to be compared with PyTorch, with finite differences, or both.
///
/// @param name what it exercises; for a case with golden values, its name in the file
/// @param operands the point at which it is evaluated
/// @param function from the operands as tensors to the result
/// @param golden whether the file has PyTorch's values for it
/// @param smooth whether it has a derivative there that finite differences can find
record OpCase(
        String name, List<Operand> operands, Function<List<Tensor>, Tensor> function, boolean golden, boolean smooth) {

    /// A function of three tensors.
    @FunctionalInterface
    interface Three {
        Tensor apply(Tensor a, Tensor b, Tensor c);
    }

    static OpCase many(String name, Function<List<Tensor>, Tensor> function) {
        return new OpCase(name, GoldenFile.named(name).operands(), function, true, true);
    }

    static OpCase one(String name, UnaryOperator<Tensor> function) {
        return many(name, in -> function.apply(in.get(0)));
    }

    static OpCase two(String name, BinaryOperator<Tensor> function) {
        return many(name, in -> function.apply(in.get(0), in.get(1)));
    }

    static OpCase three(String name, Three function) {
        return many(name, in -> function.apply(in.get(0), in.get(1), in.get(2)));
    }

    /// A case that PyTorch cannot be asked for.
    static OpCase own(String name, Function<List<Tensor>, Tensor> function, Operand... operands) {
        return new OpCase(name, List.of(operands), function, false, true);
    }

    /// The same case, at a kink: finite differences say nothing there.
    OpCase kinked() {
        return new OpCase(name, operands, function, golden, false);
    }

    /// The operands as fresh tensors.
    List<Tensor> tensors(Backend backend) {
        return operands.stream().map(operand -> operand.on(backend)).toList();
    }

    /// The operands as fresh tensors over memory with gaps.
    List<Tensor> stridedTensors(Backend backend) {
        return operands.stream().map(operand -> operand.strided(backend)).toList();
    }

    @Override
    public String toString() {
        return name;
    }
}
