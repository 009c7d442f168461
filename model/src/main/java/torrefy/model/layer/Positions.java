package torrefy.model.layer;

import torrefy.core.backend.RotaryKernels.Pairing;

/// How a model is told where in the sequence a token stands.
public sealed interface Positions {

    /// By a table with a learned row for each position, added to the token's; as in GPT-2.
    record Learned() implements Positions {}

    /// By turning queries and keys; see [RotaryEmbedding]. As in Llama.
    ///
    /// @param base of the angles, `rope_theta` in others' files: the larger, the slower the slowest pair turns
    /// @param pairing which channels are turned together
    record Rotary(double base, Pairing pairing) implements Positions {

        public Rotary {
            if (!(base > 0 && base < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("the base of rotary positions must be above 0, got " + base);
            }
        }

        /// In pairs of halves, as published weights of Llama and Qwen expect.
        public static Rotary of(double base) {
            return new Rotary(base, Pairing.HALVES);
        }
    }
}
