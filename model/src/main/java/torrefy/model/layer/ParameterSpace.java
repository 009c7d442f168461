package torrefy.model.layer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import torrefy.core.backend.Backend;
import torrefy.core.random.RandomKey;
import torrefy.core.shape.Shape;
import torrefy.tensor.Parameter;

/// All parameters of one model, in the order in which its layers made them, by name.
///
/// They lie in a few long [stretches][Stretch] of memory, matrices apart from vectors, so that what is done to all
/// parameters alike is a pass over one array and not a call for each.
///
/// Initial values are random numbers keyed by the parameter's name: they do not depend on the order of creation, nor
/// on what other layers the model has.
public final class ParameterSpace {

    /// Slabs grow with what there is of their kind, from this many elements …
    private static final int SMALLEST_SLAB = 1 << 12;

    /// … to this many, unless more are expected or a single parameter has more.
    private static final int LARGEST_GROWTH = 1 << 24;

    /// No slab has more elements, unless a single parameter does.
    private static final int LARGEST_SLAB = 1 << 30;

    private final Backend backend;
    /// Null if nothing is drawn.
    private final RandomKey key;

    private final Map<String, Parameter> byName = new LinkedHashMap<>();
    private final List<Slab> slabs = new ArrayList<>();
    /// Elements still to come, of matrices and of vectors.
    private final long[] expected = new long[2];

    /// Elements taken, of matrices and of vectors.
    private final long[] taken = new long[2];

    /// @param seed of the initial values
    public ParameterSpace(Backend backend, long seed) {
        this(backend, RandomKey.of(seed).derive("parameters"));
    }

    /// A space in which nothing is drawn: what would be random is zero.
    public static ParameterSpace undrawn(Backend backend) {
        return new ParameterSpace(backend, null);
    }

    private ParameterSpace(Backend backend, RandomKey key) {
        this.backend = backend;
        this.key = key;
    }

    public Backend backend() {
        return backend;
    }

    /// Says what is to come, so that it is laid into one stretch of each kind. Without it there are more of them, and
    /// some memory lies idle.
    ///
    /// @param matrixElements single numbers in parameters of two and more axes
    /// @param vectorElements single numbers in the others
    /// @param parameters how many they are
    public void expect(long matrixElements, long vectorElements, int parameters) {
        expected[0] += Slab.room(matrixElements) + Slab.room(1) * parameters;
        expected[1] += Slab.room(vectorElements) + Slab.room(1) * parameters;
    }

    /// A new parameter drawn from a normal distribution with mean 0.
    public Parameter normal(String name, float deviation, int... shape) {
        Parameter parameter = constant(name, 0, shape);
        if (key != null) {
            backend.random().normal(parameter.data(), key.derive(name));
            backend.elementwise().affine(parameter.data(), parameter.data(), deviation, 0);
        }
        return parameter;
    }

    /// A new parameter with the same value everywhere.
    ///
    /// @throws IllegalArgumentException if there is one of that name
    public Parameter constant(String name, float value, int... shape) {
        if (byName.containsKey(name)) {
            throw new IllegalArgumentException("two parameters are called " + name);
        }
        Shape size = Shape.of(shape);
        Parameter parameter = slabFor(size).take(name, size);
        backend.elementwise().fill(parameter.data(), value);
        byName.put(name, parameter);
        return parameter;
    }

    private Slab slabFor(Shape shape) {
        boolean matrices = shape.rank() >= 2;
        int kind = matrices ? 0 : 1;
        long room = Slab.room(shape.elements());
        long others = Math.max(expected[kind], Math.clamp(taken[kind], SMALLEST_SLAB, LARGEST_GROWTH));
        expected[kind] = Math.max(0, expected[kind] - room);
        taken[kind] += room;
        for (Slab slab : slabs) {
            if (slab.isFor(matrices, shape.elements())) {
                return slab;
            }
        }
        slabs.add(new Slab(backend, matrices, Math.toIntExact(Math.max(room, Math.min(others, LARGEST_SLAB)))));
        return slabs.getLast();
    }

    /// The memory of all parameters made so far.
    public List<Stretch> stretches() {
        return slabs.stream().map(Slab::stretch).toList();
    }

    public List<Parameter> all() {
        return List.copyOf(byName.values());
    }

    /// The parameter called `name`, or null.
    public Parameter get(String name) {
        return byName.get(name);
    }

    /// Number of single numbers in all parameters.
    public long count() {
        return byName.values().stream().mapToLong(p -> p.shape().elements()).sum();
    }

    /// Sets all gradients to zero.
    public void zeroGradients() {
        stretches().forEach(stretch -> backend.elementwise().fill(stretch.gradients(), 0));
    }

    /// To be called by whoever changed all weights through [#stretches]: what was computed from them before is then
    /// known to be out of date.
    public void changed() {
        byName.values().forEach(parameter -> parameter.data().buffer().changed());
    }
}
