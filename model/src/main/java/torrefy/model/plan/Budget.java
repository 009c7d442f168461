package torrefy.model.plan;

/// What there is to spend.
///
/// @param seconds of the machine; infinite if only memory bounds the run
/// @param heapBytes of memory
/// @param words what the user said, for messages
public record Budget(double seconds, long heapBytes, String words) {

    public Budget {
        if (!(seconds > 0)) {
            throw new IllegalArgumentException("a budget must be above 0: " + words);
        }
    }

    public boolean hasTime() {
        return seconds < Double.POSITIVE_INFINITY;
    }
}
