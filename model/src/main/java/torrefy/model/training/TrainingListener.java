package torrefy.model.training;

/// Is told of every step, in the training thread, after the update.
@FunctionalInterface
public interface TrainingListener {

    void onStep(StepReport report);
}
