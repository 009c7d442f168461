package torrefy.tensor.op;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import torrefy.tensor.Columns;

class OpGradientTest {

    @TestFactory
    Stream<DynamicTest> gradientsMatchFiniteDifferences() {
        return Columns.all().stream()
                .flatMap(backend -> OpCases.all().stream()
                        .filter(OpCase::smooth)
                        .map(opCase -> DynamicTest.dynamicTest(
                                opCase + " on " + backend.name(), () -> FiniteDifferences.check(opCase, backend))));
    }

    /// The ops are taken from the graphs that were really checked, not from what a case says about itself.
    @Test
    void everyPermittedOpHasAGradientCheck() {
        Set<String> unchecked = new TreeSet<>();
        Set<Class<?>> checked = new HashSet<>();
        for (OpCase opCase : OpCases.all()) {
            if (opCase.smooth()) {
                checked.addAll(FiniteDifferences.check(opCase, Columns.scalar()));
            }
        }
        for (Class<?> op : Op.class.getPermittedSubclasses()) {
            if (checked.stream().noneMatch(op::isAssignableFrom)) {
                unchecked.add(op.getSimpleName());
            }
        }
        assertEquals(Set.of(), unchecked, "ops without a case in OpCases");
    }
}
