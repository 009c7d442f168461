package torrefy.core.backend;

import torrefy.core.memory.NdArray;
import torrefy.core.random.RandomKey;

/// Random numbers, each a function of the key and of its position. All arrays are contiguous.
public interface RandomKernels {

    /// `out` uniform in [0, 1): element i is word `i mod 4` of block `i / 4` of the key's stream; see
    /// [torrefy.core.random.Distributions#uniform].
    void uniform(NdArray out, RandomKey key);

    /// `out` standard normal; see [torrefy.core.random.Distributions#normal].
    void normal(NdArray out, RandomKey key);

    /// `out[i] = in[i]/(1 − probability)` where the i-th uniform number is at least `probability`, else 0; added to
    /// `out` if `accumulate`. With `dOut` for `in` this is its own gradient. `out` may be `in`. Srivastava et al.,
    /// "Dropout", JMLR 15, 2014, in the form that scales while training.
    void dropout(NdArray out, NdArray in, RandomKey key, float probability, boolean accumulate);
}
