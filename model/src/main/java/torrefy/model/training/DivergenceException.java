package torrefy.model.training;

/// Training led nowhere. The parameters are those from before the first of the steps that did.
public sealed class DivergenceException extends RuntimeException permits NonFiniteLossException {

    private static final long serialVersionUID = 1L;

    private final int step;

    /// @param inARow how many steps changed nothing, this one included
    DivergenceException(int step, String reason, int inARow) {
        this(
                step,
                "step " + step + ": " + reason + "; " + inARow + " steps in a row were left out, and the weights from"
                        + " before them are kept. A lower learning rate often helps");
    }

    DivergenceException(int step, String message) {
        super(message);
        this.step = step;
    }

    /// The step, from 1.
    public int step() {
        return step;
    }
}
