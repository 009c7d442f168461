/// Text from a trained model, token by token.
///
/// ```java
/// Generator generator = new Generator(gpt, new Sampler(0.8, 0, 0.95), 1);
/// try (Tokens tokens = generator.tokens("To be".chars().toArray(), 100)) {
///     while (tokens.hasNext()) {
///         System.out.print((char) tokens.nextInt());
///     }
/// }
/// ```
///
/// The key idea: choosing is apart from computing. A [Sampler] is a pure function of scores and one random number, so
/// that temperature, top-k, top-p, min-p and the repetition penalty can be tested without a model; a [Generator] keeps
/// the keys and values of what it has read, so that a token costs one position, and gives the n-th token the n-th
/// random number of its text. What ends a text is decided outside: by whoever takes the tokens, or by [StopStrings].
///
/// Read [Sampler] first, then [Generation].
package torrefy.model.generation;
