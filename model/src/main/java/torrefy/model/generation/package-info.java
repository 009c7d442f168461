/// Text from a trained model, token by token.
///
/// ```java
/// Generator generator = new Generator(gpt, new Sampler(0.8, 0, 0.95), 1);
/// generator.generate("To be".chars().toArray(), 100, token -> {
///     System.out.print((char) token);
///     return token != '\n';
/// });
/// ```
///
/// The key idea: choosing is apart from computing. A [Sampler] is a pure function of scores and one random number, so
/// that all of temperature, top-k and top-p can be tested without a model; a [Generator] keeps the keys and values of
/// what it has read, so that a token costs one position, and gives the n-th token the n-th random number of its seed.
///
/// Read [Sampler] first, then [Generator].
package torrefy.model.generation;
