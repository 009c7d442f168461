package torrefy.core.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BackendsTest {

    private static final Backend SLOW = backend("slow");
    private static final Backend FAST = backend("fast");
    private final BackendProvider slow = new Provider("slow", 0, null, SLOW);
    private final BackendProvider fast = new Provider("fast", 100, null, FAST);
    private final BackendProvider broken = new Provider("broken", 200, "no driver; install one", null);

    @Test
    void autoTakesTheFirstThatCanRun() {
        assertSame(FAST, Backends.create(List.of(broken, fast, slow), "auto", 3));
        assertSame(SLOW, Backends.create(List.of(broken, slow), "auto", 3));
    }

    @Test
    void aNameChoosesABackend() {
        assertSame(SLOW, Backends.create(List.of(broken, fast, slow), "slow", 3));
    }

    @Test
    void anUnknownNameIsAnsweredWithTheNamesThereAre() {
        assertEquals(
                "no backend is called 'gpu'; there are: auto, broken, fast, slow",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> Backends.create(List.of(broken, fast, slow), "gpu", 3))
                        .getMessage());
    }

    @Test
    void aBackendThatCannotRunSaysWhy() {
        assertEquals(
                "the broken backend cannot run here: no driver; install one",
                assertThrows(IllegalArgumentException.class, () -> Backends.create(List.of(broken, slow), "broken", 3))
                        .getMessage());
        assertEquals(
                "no backend can run here: broken: no driver; install one",
                assertThrows(IllegalStateException.class, () -> Backends.create(List.of(broken), "auto", 3))
                        .getMessage());
    }

    /// This module alone brings no backend.
    @Test
    void withoutTheKernelsArtifactTheMessageNamesIt() {
        assertTrue(Backends.providers().isEmpty());
        assertEquals(
                "no backend found: add the artifact torrefy-kernels to the class path",
                assertThrows(IllegalStateException.class, () -> Backends.create("auto", 1))
                        .getMessage());
    }

    @Test
    void autoDoesNotEvenAskWhatItPassesOver() {
        BackendProvider reluctant = new WithDevices(FAST) {
            @Override
            public Optional<String> whyUnavailable() {
                throw new AssertionError("asked although it is not automatic");
            }
        };
        assertSame(SLOW, Backends.create(List.of(reluctant, slow), "auto", 3));
    }

    @Test
    void aDeviceOrAPrecisionChoosesTheBackendThatHasThem() {
        BackendProvider devices = new WithDevices(FAST);
        BackendSettings device = new BackendSettings(3, "1", Precision.F32);
        BackendSettings precision = new BackendSettings(3, null, Precision.BF16);
        assertSame(FAST, Backends.create(List.of(devices, slow), "auto", device));
        assertSame(FAST, Backends.create(List.of(slow, devices), "auto", precision));
        assertSame(FAST, Backends.create(List.of(slow, devices), "devices", device));
        assertEquals(
                "a device or a precision is asked for, but no backend that has them can run here; 'info' says why",
                assertThrows(IllegalArgumentException.class, () -> Backends.create(List.of(slow), "auto", device))
                        .getMessage());
    }

    @Test
    void aBackendWithoutDevicesSaysSo() {
        assertEquals(
                "the slow backend has no devices to choose among, but device 1 is asked for",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> Backends.create(
                                        List.of(slow), "slow", new BackendSettings(3, "1", Precision.F32)))
                        .getMessage());
        assertEquals(
                "the slow backend computes products in F32 only, but BF16 is asked for; the opencl backend may have it",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> Backends.create(
                                        List.of(slow), "slow", new BackendSettings(3, null, Precision.BF16)))
                        .getMessage());
    }

    /// Has two devices, and is never taken by itself.
    private static class WithDevices implements BackendProvider {

        private final Backend backend;

        WithDevices(Backend backend) {
            this.backend = backend;
        }

        @Override
        public String name() {
            return "devices";
        }

        @Override
        public int priority() {
            return 200;
        }

        @Override
        public Optional<String> whyUnavailable() {
            return Optional.empty();
        }

        @Override
        public Optional<String> whyNotAutomatic() {
            return Optional.of("its devices are slow");
        }

        @Override
        public List<String> devices() {
            return List.of("one", "another");
        }

        @Override
        public Backend create(int threads) {
            throw new AssertionError("made without its settings");
        }

        @Override
        public Backend create(BackendSettings settings) {
            return backend;
        }
    }

    private record Provider(String name, int priority, String reason, Backend backend) implements BackendProvider {
        @Override
        public Optional<String> whyUnavailable() {
            return Optional.ofNullable(reason);
        }

        @Override
        public Backend create(int threads) {
            assertEquals(3, threads);
            return backend;
        }
    }

    /// A backend that can do nothing but say its name.
    private static Backend backend(String name) {
        return (Backend) Proxy.newProxyInstance(
                Backend.class.getClassLoader(), new Class<?>[] {Backend.class}, (proxy, method, arguments) -> name);
    }
}
