/// Layers, architectures, optimizers, training, checkpoints, evaluation, generation.
module torrefy.model {
    requires transitive torrefy.core;
    requires transitive torrefy.tensor;
    requires java.management;
    requires jdk.management;
    requires tools.jackson.core;

    exports torrefy.model.architecture;
    exports torrefy.model.checkpoint;
    exports torrefy.model.evaluation;
    exports torrefy.model.generation;
    exports torrefy.model.layer;
    exports torrefy.model.optimizer;
    exports torrefy.model.plan;
    exports torrefy.model.plan.decision;
    exports torrefy.model.training;
}
