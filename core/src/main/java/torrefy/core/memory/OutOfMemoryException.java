package torrefy.core.memory;

/// A backend's memory has no room for a buffer. Unlike the heap's error it is the user's to mend: by a smaller model or
/// batch, or another device.
public final class OutOfMemoryException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /// @param message what did not fit, where, and what to do
    public OutOfMemoryException(String message) {
        super(message);
    }
}
