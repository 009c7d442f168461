package torrefy.model.training;

/// Training came to a loss or a gradient that is not a finite number. The parameters are those from before the step.
public final class NonFiniteLossException extends DivergenceException {

    private static final long serialVersionUID = 1L;

    private final String place;

    NonFiniteLossException(int step, String what, String place) {
        super(
                step,
                "step " + step + ": " + what + " is not finite, first seen in " + place
                        + "; the weights from before this step are kept. A lower learning rate often helps");
        this.place = place;
    }

    /// The first parameter, layer or gradient with a value that is not finite.
    public String place() {
        return place;
    }
}
