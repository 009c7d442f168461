package torrefy.model.layer;

import java.util.ArrayList;
import java.util.List;
import torrefy.core.backend.Backend;
import torrefy.core.memory.Buffer;
import torrefy.core.memory.DataType;
import torrefy.core.memory.NdArray;
import torrefy.core.shape.Shape;
import torrefy.tensor.Parameter;

/// Memory for parameters of one kind: cut off one after another, and never given back. That of their gradients is taken
/// when the first of them is wanted: a model that is only read from a file and run needs none.
final class Slab {

    /// Parameters begin at multiples of this many elements, a cache line of floats.
    private static final int ALIGNMENT = 16;

    private final Backend backend;
    private final boolean matrices;
    private final Buffer weights;
    /// Null before any is wanted.
    private Buffer gradients;

    private final List<Stretch.Part> parts = new ArrayList<>();
    private int used;

    /// @param type of the weights; gradients are `F32`
    Slab(Backend backend, boolean matrices, DataType type, int capacity) {
        this.backend = backend;
        this.matrices = matrices;
        this.weights = backend.allocate(type, capacity);
    }

    /// The elements that a parameter takes, with the gap behind it.
    static long room(long elements) {
        return Math.ceilDiv(elements, (long) ALIGNMENT) * ALIGNMENT;
    }

    boolean isFor(boolean wantedMatrices, int elements) {
        return matrices == wantedMatrices && room(elements) <= weights.length() - used;
    }

    /// A parameter of zeros.
    Parameter take(String name, Shape shape) {
        int place = used;
        NdArray data = NdArray.of(weights.slice(place, shape.elements()), shape);
        Parameter parameter =
                new Parameter(name, backend, data, () -> NdArray.of(gradients().slice(place, shape.elements()), shape));
        parts.add(new Stretch.Part(parameter, place));
        used += (int) room(shape.elements());
        return parameter;
    }

    private Buffer gradients() {
        if (gradients == null) {
            gradients = backend.allocate(DataType.F32, weights.length());
        }
        return gradients;
    }

    /// What was cut off so far.
    Stretch stretch() {
        Shape shape = Shape.of(used);
        return new Stretch(
                matrices,
                NdArray.of(weights.slice(0, used), shape),
                NdArray.of(gradients().slice(0, used), shape),
                List.copyOf(parts));
    }
}
