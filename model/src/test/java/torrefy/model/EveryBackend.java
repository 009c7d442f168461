package torrefy.model;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import torrefy.core.backend.BackendProvider;
import torrefy.core.backend.Backends;

/// A test that runs once for every backend that can run here; its parameter is the name.
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ParameterizedTest(name = "{0}")
@MethodSource("torrefy.model.EveryBackend$Source#names")
public @interface EveryBackend {

    /// Where the names come from.
    final class Source {

        private Source() {}

        static Stream<String> names() {
            return Backends.providers().stream()
                    .filter(provider -> provider.whyUnavailable().isEmpty())
                    .map(BackendProvider::name);
        }
    }
}
