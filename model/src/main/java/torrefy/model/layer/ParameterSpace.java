package torrefy.model.layer;

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
/// Initial values are random numbers keyed by the parameter's name: they do not depend on the order of creation, nor
/// on what other layers the model has.
public final class ParameterSpace {

    private final Backend backend;
    /// Null if nothing is drawn.
    private final RandomKey key;

    private final Map<String, Parameter> byName = new LinkedHashMap<>();

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
        NdArray data = NdArray.of(backend.allocate(DataType.F32, size.elements()), size);
        NdArray gradient = NdArray.of(backend.allocate(DataType.F32, size.elements()), size);
        backend.elementwise().fill(data, value);
        Parameter parameter = new Parameter(name, backend, data, gradient);
        byName.put(name, parameter);
        return parameter;
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
        byName.values().forEach(Parameter::zeroGradient);
    }
}
