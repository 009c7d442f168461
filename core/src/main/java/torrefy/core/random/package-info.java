/// Random numbers that are functions, not streams with a state.
///
/// ```java
/// RandomKey key = RandomKey.of(42).derive("dropout").derive(step);
/// float[] noise = new float[1000];
/// Distributions.uniform(key, noise, 0, noise.length);
/// int[] order = Distributions.permutation(key.derive("order"), 100);
/// ```
///
/// The key idea: the i-th number is computed from seed, purpose, step and i. Any thread computes any of them, in any
/// order, and a run that was killed and resumed draws the same ones. Read [RandomKey] first, then [Philox].
package torrefy.core.random;
