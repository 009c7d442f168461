package torrefy.model.layer;

/// The checks that the shapes of parts share.
final class Require {

    private Require() {}

    static void atLeast(int least, int value, String name) {
        if (value < least) {
            throw new IllegalArgumentException(name + " must be at least " + least + ", got " + value);
        }
    }
}
