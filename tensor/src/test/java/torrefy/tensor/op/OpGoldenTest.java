package torrefy.tensor.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import torrefy.core.backend.Backend;
import torrefy.tensor.Columns;
import torrefy.tensor.Tensor;

class OpGoldenTest {

    /// 32 roundings of half a unit each, against the largest number of the result: sums of a few dozen terms, each of
    /// which may be larger than what is left after they cancel.
    private static final double TOLERANCE = 32 * 0x1p-24;

    /// PyTorch draws other random numbers than this library, has no user's ops, and knows no gradient of a rounding.
    private static final Set<Class<?>> WITHOUT_COUNTERPART = Set.of(Convert.class, Dropout.class, CustomOp.class);

    @TestFactory
    Stream<DynamicTest> valuesAndGradientsMatchPyTorch() {
        return eachGoldenCase((opCase, backend) -> compare(opCase, opCase.tensors(backend), backend));
    }

    @TestFactory
    Stream<DynamicTest> valuesAndGradientsOfStridedOperandsMatchPyTorch() {
        return eachGoldenCase((opCase, backend) -> compare(opCase, opCase.stridedTensors(backend), backend));
    }

    private static Stream<DynamicTest> eachGoldenCase(BiConsumer<OpCase, Backend> test) {
        return Columns.all().stream()
                .flatMap(backend -> OpCases.all().stream()
                        .filter(OpCase::golden)
                        .map(opCase -> DynamicTest.dynamicTest(
                                opCase + " on " + backend.name(), () -> test.accept(opCase, backend))));
    }

    @Test
    void everyGoldenCaseIsRun() {
        Set<String> run = OpCases.all().stream()
                .filter(OpCase::golden)
                .map(OpCase::counterpart)
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(new TreeSet<>(GoldenFile.cases().keySet()), run);
    }

    @Test
    void everyPermittedOpHasGoldenValues() {
        Set<Class<?>> compared = new HashSet<>(WITHOUT_COUNTERPART);
        for (OpCase opCase : OpCases.all()) {
            if (opCase.golden()) {
                compared.addAll(FiniteDifferences.opsBehind(opCase.function().apply(opCase.tensors(Columns.scalar()))));
            }
        }
        assertTrue(compared.containsAll(List.of(Op.class.getPermittedSubclasses())), "compared: " + compared);
    }

    private static void compare(OpCase opCase, List<Tensor> in, Backend backend) {
        GoldenFile.Golden golden = GoldenFile.named(opCase.counterpart());
        Tensor out = opCase.function().apply(in);
        requireClose("value", golden.output().get(0), out);
        out.backward(golden.dOutput().get(0).on(backend).detach());
        int gradient = 0;
        for (int operand = 0; operand < in.size(); operand++) {
            if (opCase.operands().get(operand).kind() == Operand.Kind.INPUT) {
                requireClose(
                        "gradient of operand " + operand,
                        golden.gradients().get(gradient++),
                        in.get(operand).gradient());
            }
        }
        assertEquals(golden.gradients().size(), gradient);
    }

    private static void requireClose(String what, Operand expected, Tensor actual) {
        assertEquals(expected.shape(), actual.shape(), what);
        float[] values = actual.toFloats();
        double largest = 0;
        for (float value : expected.values()) {
            largest = Math.max(largest, Math.abs(value));
        }
        for (int i = 0; i < values.length; i++) {
            assertEquals(expected.values()[i], values[i], TOLERANCE * largest, what + " at " + i);
        }
    }
}
