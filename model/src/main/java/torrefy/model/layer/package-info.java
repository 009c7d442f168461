/// The parts that models are built of: linear maps, norms, embeddings, attention, and the block that joins them.
///
/// ```java
/// ParameterSpace space = new ParameterSpace(Backends.standard(), 1);
/// TransformerBlock block = new TransformerBlock(space, "h.0", 64, 4, 0, 1e-5f, 0, 0.02f, 0.01f);
/// Tensor x = Tensor.normal(space.backend(), RandomKey.of(2), 3, 16, 64);
/// block.forward(x, null, null).sum().backward();
/// space.all().forEach(parameter -> System.out.println(parameter + " " + parameter.gradient().abs().max().item()));
/// ```
///
/// The key idea: a layer owns no memory. It asks a [ParameterSpace] for parameters by name, keeps them, and maps a
/// tensor to a tensor; the space knows all of them, and so do the optimizer, the files and the reader of an error
/// message. What a parameter begins with depends on the seed and on its name alone, so that adding a layer changes no
/// other.
///
/// Read [Linear] first, then [TransformerBlock] and [CausalSelfAttention].
package torrefy.model.layer;
