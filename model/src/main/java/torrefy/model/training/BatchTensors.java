package torrefy.model.training;

import torrefy.core.backend.Backend;
import torrefy.core.memory.NdArray;
import torrefy.core.shape.Shape;
import torrefy.tensor.Tensor;

/// Where batches of one shape lie in a backend's memory, one after the other: what goes to a device in a step.
final class BatchTensors {

    private final Backend backend;
    private final NdArray inputs;
    private final NdArray targets;

    BatchTensors(Backend backend, int sequences, int length) {
        this.backend = backend;
        Shape shape = Shape.of(sequences, length);
        this.inputs = NdArray.of(backend.upload(new int[shape.elements()]), shape);
        this.targets = NdArray.of(backend.upload(new int[shape.elements()]), shape);
    }

    void fill(Batch batch) {
        backend.upload(batch.inputs(), inputs);
        backend.upload(batch.targets(), targets);
        inputs.buffer().changed();
        targets.buffer().changed();
    }

    /// `(B, T)`
    Tensor inputs() {
        return Tensor.of(backend, inputs);
    }

    /// `(B, T)`
    Tensor targets() {
        return Tensor.of(backend, targets);
    }
}
