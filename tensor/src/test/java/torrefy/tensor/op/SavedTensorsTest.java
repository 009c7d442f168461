package torrefy.tensor.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import torrefy.core.backend.Backend;
import torrefy.core.random.RandomKey;
import torrefy.tensor.Columns;
import torrefy.tensor.GradientMode;
import torrefy.tensor.Tensor;

/// Whether ops name all that they read in backward as [Op#saved]: whichever tensor of a graph is changed in place
/// between forward and backward, backward either refuses or gives the gradients it would have given.
class SavedTensorsTest {

    private static final RandomKey KEY = RandomKey.of(5);

    @TestFactory
    Stream<DynamicTest> changeInPlaceIsCaughtOrHarmless() {
        return OpCases.all().stream()
                .map(opCase -> DynamicTest.dynamicTest(opCase.name(), () -> changeEachTensor(opCase)));
    }

    private static void changeEachTensor(OpCase opCase) {
        Backend backend = Columns.scalar();
        List<Tensor> in = opCase.tensors(backend);
        Tensor out = opCase.function().apply(in);
        int tensors = tensorsOf(in, out).size();
        assertTrue(tensors > in.size());
        out.backward(Tensor.normal(backend, KEY, out.shape().sizes()));
        for (int changed = 0; changed < tensors; changed++) {
            List<Tensor> again = opCase.tensors(backend);
            Tensor outAgain = opCase.function().apply(again);
            Tensor victim = tensorsOf(again, outAgain).get(changed);
            GradientMode.off(() -> victim.detach().fillInPlace(0));
            try {
                outAgain.backward(Tensor.normal(backend, KEY, out.shape().sizes()));
            } catch (IllegalStateException caught) {
                assertTrue(caught.getMessage().contains("changed in place"), caught.getMessage());
                continue;
            }
            for (int i = 0; i < in.size(); i++) {
                if (in.get(i).requiresGradient()) {
                    assertArrayEquals(
                            in.get(i).gradient().toFloats(),
                            again.get(i).gradient().toFloats(),
                            "gradient of operand " + i + " after a change of tensor " + changed + " " + victim.shape());
                }
            }
        }
    }

    /// The operands, then every computed tensor of the graph that has memory to itself or shares an operand's; expanded
    /// ones are left out, because they cannot be written.
    private static List<Tensor> tensorsOf(List<Tensor> operands, Tensor out) {
        Set<Tensor> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        List<Tensor> all = new ArrayList<>(operands);
        seen.addAll(operands);
        Deque<Tensor> open = new ArrayDeque<>(List.of(out));
        while (!open.isEmpty()) {
            Tensor tensor = open.pop();
            if (seen.add(tensor) && tensor.origin() != null) {
                if (!(tensor.origin() instanceof Expand)) {
                    all.add(tensor);
                }
                open.addAll(tensor.origin().inputs());
            }
        }
        return all;
    }
}
