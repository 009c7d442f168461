package torrefy.examples.command;

/// The heap was not enough.
public final class OutOfHeapException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    OutOfHeapException(OutOfMemoryError cause) {
        super(
                "the heap of " + (Runtime.getRuntime().maxMemory() >> 20)
                        + " MB was not enough (" + cause.getMessage() + "): start Java with a larger -Xmx, or choose a"
                        + " smaller --width, --layers, --batch or --context",
                cause);
    }
}
