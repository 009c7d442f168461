// One AdamW step: Loshchilov and Hutter, "Decoupled weight decay regularization", arXiv 1711.05101, algorithm 2. Each of
// weights and moments may be stored as bfloat16 (HALF_W, HALF_M, HALF_V), and is then rounded stochastically.

// The rounding bits of a position: see torrefy.core.random.RoundingBits.
inline uint mixed(uint x) {
    x = (x ^ (x >> 16)) * 0x7feb352du;
    x = (x ^ (x >> 15)) * 0x846ca68bu;
    return x ^ (x >> 16);
}

inline ushort rounded(const float value, const int position, const uint2 key) {
    const uint bits = as_uint(value);
    if (isnan(value)) {
        return (ushort)((bits >> 16) | 0x40);
    }
    return (ushort)((bits + (mixed(mixed((uint)position ^ key.x) ^ key.y) & 0xffffu)) >> 16);
}

#ifdef HALF_W
#define W ushort
#define GET_W(x) widened(x)
#define SET_W(x) rounded(x, i, wKey)
#else
#define W float
#define GET_W(x) (x)
#define SET_W(x) (x)
#endif
#ifdef HALF_M
#define M ushort
#define GET_M(x) widened(x)
#define SET_M(x) rounded(x, i, mKey)
#else
#define M float
#define GET_M(x) (x)
#define SET_M(x) (x)
#endif
#ifdef HALF_V
#define V ushort
#define GET_V(x) widened(x)
#define SET_V(x) rounded(x, i, vKey)
#else
#define V float
#define GET_V(x) (x)
#define SET_V(x) (x)
#endif

kernel void adamw(
        const int n,
        global W* weights, const int weightsAt,
        global float* gradients, const int gradientsAt,
        global M* means, const int meansAt,
        global V* squares, const int squaresAt,
        const float beta1, const float beta2, const float epsilon,
        const float keep, const float rate, const float secondScale, const float gradientScale,
        global const float* factor, const int factorAt,
        const uint2 wKey, const uint2 mKey, const uint2 vKey) {
    float scale = gradientScale;
#ifdef FACTOR
    if (isnan(factor[factorAt])) {
        return;
    }
    scale *= factor[factorAt];
#endif
    int i = get_global_id(0) * WIDTH;
#if WIDTH > 1 && !defined(HALF_W) && !defined(HALF_M) && !defined(HALF_V)
    if (i + WIDTH <= n) {
        const wide g = scale * LOAD(gradients + gradientsAt + i);
        const wide mean = beta1 * LOAD(means + meansAt + i) + (1 - beta1) * g;
        const wide square = beta2 * LOAD(squares + squaresAt + i) + (1 - beta2) * g * g;
        const wide weight =
                keep * LOAD(weights + weightsAt + i) - rate * mean / (sqrt(square * secondScale) + epsilon);
        STORE(weight, weights + weightsAt + i);
        STORE(mean, means + meansAt + i);
        STORE(square, squares + squaresAt + i);
        STORE((wide)0, gradients + gradientsAt + i);
        return;
    }
#endif
    for (const int end = min(n, i + WIDTH); i < end; i++) {
        const float g = scale * gradients[gradientsAt + i];
        const float mean = beta1 * GET_M(means[meansAt + i]) + (1 - beta1) * g;
        const float square = beta2 * GET_V(squares[squaresAt + i]) + (1 - beta2) * g * g;
        const float weight =
                keep * GET_W(weights[weightsAt + i]) - rate * mean / (sqrt(square * secondScale) + epsilon);
        weights[weightsAt + i] = SET_W(weight);
        means[meansAt + i] = SET_M(mean);
        squares[squaresAt + i] = SET_V(square);
        gradients[gradientsAt + i] = 0;
    }
}
