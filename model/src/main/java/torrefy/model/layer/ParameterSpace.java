package torrefy.model.layer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import torrefy.core.backend.Backend;
import torrefy.core.memory.DataType;
import torrefy.core.memory.NdArray;
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
    private final DataType matrixType;
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
        this(backend, seed, DataType.F32);
    }

    /// @param seed of the initial values
    /// @param matrixType how parameters of two and more axes are stored: `F32` or `BF16`
    public ParameterSpace(Backend backend, long seed, DataType matrixType) {
        this(backend, RandomKey.of(seed).derive("parameters"), matrixType);
    }

    /// A space in which nothing is drawn: what would be random is zero.
    public static ParameterSpace undrawn(Backend backend) {
        return undrawn(backend, DataType.F32);
    }

    /// A space in which nothing is drawn: what would be random is zero.
    ///
    /// @param matrixType how parameters of two and more axes are stored: `F32` or `BF16`
    public static ParameterSpace undrawn(Backend backend, DataType matrixType) {
        return new ParameterSpace(backend, null, matrixType);
    }

    private ParameterSpace(Backend backend, RandomKey key, DataType matrixType) {
        this.backend = backend;
        this.matrixType = matrixType;
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
            NdArray drawn = floatsFor(parameter);
            backend.random().normal(drawn, key.derive(name));
            backend.elementwise().affine(drawn, drawn, deviation, 0);
            settle(parameter, drawn);
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
        if (value != 0) {
            NdArray constant = floatsFor(parameter);
            backend.elementwise().fill(constant, value);
            settle(parameter, constant);
        }
        byName.put(name, parameter);
        return parameter;
    }

    /// Where initial values are computed: the parameter's own memory, if it is `F32`.
    private NdArray floatsFor(Parameter parameter) {
        return parameter.type() == DataType.F32
                ? parameter.data()
                : NdArray.of(backend.allocate(DataType.F32, parameter.shape().elements()), parameter.shape());
    }

    private void settle(Parameter parameter, NdArray values) {
        if (parameter.type() != DataType.F32) {
            backend.elementwise().copy(parameter.data(), values);
        }
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
        DataType type = matrices ? matrixType : DataType.F32;
        slabs.add(new Slab(backend, matrices, type, Math.toIntExact(Math.max(room, Math.min(others, LARGEST_SLAB)))));
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
