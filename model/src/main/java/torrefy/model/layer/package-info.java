/// The parts that models are built of: linear maps, norms, embeddings, attention, and the block that joins them.
///
/// ```java
/// ParameterSpace space = new ParameterSpace(Backends.standard(), 1);
/// Norm norm = Norm.of(space, "norm", 64, NormConfig.rms());
/// FeedForward feedForward = FeedForward.of(
///         space, "mlp", 64, FeedForwardConfig.swiGlu(160), new Deviations(0.02f, 0.01f));
/// Tensor x = Tensor.normal(space.backend(), RandomKey.of(2), 3, 16, 64);
/// feedForward.forward(norm.forward(x), x).sum().backward();
/// space.all().forEach(parameter -> System.out.println(parameter + " " + parameter.gradient().abs().max().item()));
/// ```
///
/// The key idea: a layer owns no memory. It asks a [ParameterSpace] for parameters by name, keeps them, and maps a
/// tensor to a tensor; the space knows all of them, and so do the optimizer, the files and the reader of an error
/// message. What a parameter begins with depends on the seed and on its name alone, so that adding a layer changes no
/// other.
///
/// Of a part that comes in several forms there is an interface, a configuration that names the forms, and a method `of`
/// that makes the one it names: the only place where a form is chosen.
///
/// Read [Linear] first, then [TransformerBlock] and [CausalSelfAttention] with its two forms.
package torrefy.model.layer;
