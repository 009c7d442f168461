package torrefy.kernels.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import torrefy.core.backend.Backend;
import torrefy.core.memory.DataType;
import torrefy.core.memory.NdArray;
import torrefy.core.shape.Shape;

class SignalHandlersTest {

    private static final int SIGSEGV = 11;
    private static final int SIGURG = 23;
    /// As the address of a handler; 0 is the system's own.
    private static final byte SIG_IGN = 1;

    /// Prints the numbers of the signals that have another handler after a device was used.
    static final class Program {

        private Program() {}

        public static void main(String[] arguments) {
            Map<Integer, Long> before = handlers();
            try (Backend backend = new OpenClBackendProvider().create(1)) {
                NdArray two = NdArray.of(backend.upload(new float[] {1, 2, 3, 4}), Shape.of(2, 2));
                NdArray product = NdArray.of(backend.allocate(DataType.F32, 4), Shape.of(2, 2));
                backend.matmul().matmul(product, two, two, false);
                backend.finish();
            }
            Map<Integer, Long> after = handlers();
            System.out.println("looked at " + after.size());
            after.entrySet().removeAll(before.entrySet());
            System.out.println("changed " + after.keySet());
        }

        private static Map<Integer, Long> handlers() {
            Map<Integer, Long> handlers = new TreeMap<>();
            for (int signal = 1; signal <= 31; signal++) {
                byte[] handler = SignalHandlers.of(signal);
                if (handler.length > 0) {
                    handlers.put(signal, SignalHandlers.address(handler));
                }
            }
            return handlers;
        }
    }

    @TempDir
    private Path folder;

    @BeforeAll
    static void linux() {
        assumeTrue(System.getProperty("os.name").equals("Linux"), "handlers are kept on Linux only");
    }

    @Test
    void whatWasInstalledMeanwhileIsTakenOutAgain() {
        long before = SignalHandlers.address(SignalHandlers.of(SIGURG));
        long fault = SignalHandlers.address(SignalHandlers.of(SIGSEGV));
        long meanwhile = SignalHandlers.keptDuring(() -> {
            byte[] ignored = SignalHandlers.of(SIGURG);
            ignored[0] = SIG_IGN;
            SignalHandlers.set(SIGURG, ignored);
            return SignalHandlers.address(SignalHandlers.of(SIGURG));
        });
        assertEquals(0, before);
        assertEquals(SIG_IGN, meanwhile);
        assertEquals(before, SignalHandlers.address(SignalHandlers.of(SIGURG)));
        assertEquals(fault, SignalHandlers.address(SignalHandlers.of(SIGSEGV)));
    }

    @Test
    void aDeviceInUseLeavesTheHandlersOfTheJvmInPlace() throws Exception {
        RequiredDevice.orSkip();
        ChildJvm child = ChildJvm.run(Program.class, ChildJvm.classPath(), Map.of(), folder);
        assertEquals(List.of("looked at 29", "changed []"), child.output(), child.errors()::toString);
    }
}
