// Random numbers, each a function of the key and its position: a work-item for a block of four.

inline float unit(const uint word) {
    return (float)(word >> 8) * 0x1p-24f;
}

kernel void uniform_numbers(
        const int n, global float* out, const int outAt, const ulong seed, const ulong stream) {
    const int block = get_global_id(0);
    const uint4 words = philox(seed, stream, (ulong)block);
    for (int j = 0; j < 4; j++) {
        const int i = 4 * block + j;
        if (i < n) {
            out[outAt + i] = unit(word_of(words, j));
        }
    }
}

// out (+)= in/(1 − p) where the uniform number is at least p, else 0
kernel void dropout(
        const int n,
        global float* out, const int outAt,
        global const float* in, const int inAt,
        const ulong seed, const ulong stream, const float probability, const float scale, const int add) {
    const int block = get_global_id(0);
    const uint4 words = philox(seed, stream, (ulong)block);
    for (int j = 0; j < 4; j++) {
        const int i = 4 * block + j;
        if (i < n) {
            const float kept = unit(word_of(words, j)) >= probability ? in[inAt + i] * scale : 0;
            out[outAt + i] = add ? out[outAt + i] + kept : kept;
        }
    }
}
