package torrefy.tensor;

import java.util.function.Supplier;

/// Whether operations record how to differentiate them. On unless switched off for a scope:
///
/// ```java
/// float loss = GradientMode.off(() -> model.loss(batch).item());
/// ```
///
/// The switch is a [ScopedValue]: it holds for the calling thread, inside the scope, and cannot be left on by accident.
public final class GradientMode {

    private static final ScopedValue<Boolean> ENABLED = ScopedValue.newInstance();

    private GradientMode() {}

    public static boolean isOn() {
        return !ENABLED.isBound() || ENABLED.get();
    }

    /// Runs `body` without recording: for evaluation, generation and updates of parameters.
    public static <T> T off(Supplier<T> body) {
        return ScopedValue.where(ENABLED, false).call(body::get);
    }

    /// Runs `body` without recording.
    public static void off(Runnable body) {
        ScopedValue.where(ENABLED, false).run(body);
    }

    /// Runs `body` with recording, also inside a scope without: recomputation needs it.
    public static <T> T on(Supplier<T> body) {
        return ScopedValue.where(ENABLED, true).call(body::get);
    }
}
