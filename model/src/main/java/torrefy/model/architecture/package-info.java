/// Whole models: what turns token ids into a loss, or into scores for the next token.
///
/// ```java
/// TransformerConfig config = TransformerConfig.gpt2(256, 64, 2, 4, 64);
/// Transformer gpt = new Transformer(config, Backends.standard(), 1);
/// Tensor ids = Tensor.of(gpt.backend(), new int[] {84, 111, 114, 114, 101, 102}, 1, 6);
/// Tensor next = Tensor.of(gpt.backend(), new int[] {111, 114, 114, 101, 102, 121}, 1, 6);
/// System.out.println(config.parameters() + " parameters, loss " + gpt.loss(ids, next, null).item());
/// ```
///
/// The key idea: a model is its configuration and its weights, nothing else. The configuration is a record that
/// refuses what makes no model and knows from its numbers alone how many parameters there will be and what a token
/// costs; the weights have the names and the shapes that others' files give them.
///
/// Read [TransformerConfig] first, then the method `hidden` of [Transformer]: it is the model.
package torrefy.model.architecture;
