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
/// @param counterpart the case in the file that has PyTorch's values for it; null for none
/// @param smooth whether it has a derivative there that finite differences can find
record OpCase(
        String name,
        List<Operand> operands,
        Function<List<Tensor>, Tensor> function,
        String counterpart,
        boolean smooth) {

    /// A function of three tensors.
    @FunctionalInterface
    interface Three {
        Tensor apply(Tensor a, Tensor b, Tensor c);
    }

    static OpCase many(String name, Function<List<Tensor>, Tensor> function) {
        return sameAs(name, name, function);
    }

    /// A second way to compute what another case in the file is about.
    static OpCase sameAs(String counterpart, String name, Function<List<Tensor>, Tensor> function) {
        return new OpCase(name, GoldenFile.named(counterpart).operands(), function, counterpart, true);
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
        return new OpCase(name, List.of(operands), function, null, true);
    }

    /// The same case, at a kink: finite differences say nothing there.
    OpCase kinked() {
        return new OpCase(name, operands, function, counterpart, false);
    }

    /// Whether the file has PyTorch's values for it.
    boolean golden() {
        return counterpart != null;
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
