// What all programs share. GROUP, the work-items of a group in a kernel over rows, and WIDTH, the floats of a register,
// are options: 1 and 16 where the device is a processor, 64 or more and 1 where it is a GPU.

#ifndef GROUP
#define GROUP 64
#endif
#ifndef WIDTH
#define WIDTH 1
#endif

// The place of element i of an array, in row-major order of its axes. At most eight axes; sizes and strides, the
// outermost first.
inline int place(int i, const int rank, const int8 sizes, const int8 strides) {
    if (rank == 1) {
        return i * strides.s0;
    }
    int size[8], stride[8];
    vstore8(sizes, 0, size);
    vstore8(strides, 0, stride);
    int at = 0;
    for (int axis = rank - 1; axis > 0; axis--) {
        const int outer = i / size[axis];
        at += (i - outer * size[axis]) * stride[axis];
        i = outer;
    }
    return at + i * stride[0];
}

// bfloat16: the upper half of a float.
inline float widened(const ushort bits) {
    return as_float((uint)bits << 16);
}

// To the nearest, ties to even; a NaN stays one.
inline ushort narrowed(const float x) {
    const uint bits = as_uint(x);
    if (isnan(x)) {
        return (ushort)((bits >> 16) | 0x40);
    }
    return (ushort)((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
}

// Philox 4x32 with ten rounds: the four random words of one counter. Salmon, Moraes, Dror, Shaw, "Parallel random
// numbers: as easy as 1, 2, 3", SC 2011, section 3.
inline uint4 philox(const ulong key, const ulong high, const ulong low) {
    uint k0 = (uint)key, k1 = (uint)(key >> 32);
    uint c0 = (uint)low, c1 = (uint)(low >> 32), c2 = (uint)high, c3 = (uint)(high >> 32);
    for (int round = 0; round < 10; round++) {
        const uint h0 = mul_hi(0xD2511F53u, c0), l0 = 0xD2511F53u * c0;
        const uint h1 = mul_hi(0xCD9E8D57u, c2), l1 = 0xCD9E8D57u * c2;
        c0 = h1 ^ c1 ^ k0;
        c1 = l1;
        c2 = h0 ^ c3 ^ k1;
        c3 = l0;
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
    return (uint4)(c0, c1, c2, c3);
}

// The word of a stream that belongs to element i.
inline uint word_of(const uint4 words, const int i) {
    return (i & 2) == 0 ? ((i & 1) == 0 ? words.s0 : words.s1) : ((i & 1) == 0 ? words.s2 : words.s3);
}

// Kernels over rows: a group of GROUP items shares a row. Item l takes the registers l, l + GROUP, ... of it, and of
// what is left over at the end every GROUP-th element.
#if WIDTH == 16
typedef float16 wide;
#define LOAD(p) vload16(0, p)
#define STORE(v, p) vstore16(v, 0, p)
inline float total(const float16 v) {
    const float8 a = v.lo + v.hi;
    const float4 b = a.lo + a.hi;
    const float2 c = b.lo + b.hi;
    return c.x + c.y;
}
inline float largest_of(const float16 v) {
    const float8 a = fmax(v.lo, v.hi);
    const float4 b = fmax(a.lo, a.hi);
    const float2 c = fmax(b.lo, b.hi);
    return fmax(c.x, c.y);
}
#else
typedef float wide;
#define LOAD(p) (*(p))
#define STORE(v, p) (*(p) = (v))
#define total(v) (v)
#define largest_of(v) (v)
#endif

// e to the power of x. A processor's library is slow with whole registers; this is torrefy.kernels.vector.Functions.exp,
// which is right to 2 units in the last place: Moshier's Cephes library, expf, with 2ⁿ in two factors.
#if WIDTH == 16
inline float16 exponential(const float16 x) {
    const float16 limited = x < -104.0f ? (float16)-104.0f : x > 89.0f ? (float16)89.0f : x;
    const float16 shifted = fma(limited, (float16)1.44269504f, (float16)0x1.8p23f);
    const float16 n = shifted - 0x1.8p23f;
    const float16 r = fma(n, (float16)2.12194440e-4f, fma(n, (float16)-0.693359375f, limited));
    float16 q = 1.9875691500e-4f;
    q = fma(q, r, (float16)1.3981999507e-3f);
    q = fma(q, r, (float16)8.3334519073e-3f);
    q = fma(q, r, (float16)4.1665795894e-2f);
    q = fma(q, r, (float16)1.6666665459e-1f);
    q = fma(q, r, (float16)5.0000001201e-1f);
    const float16 e = fma(q, r * r, r) + 1;
    const int16 exponent = as_int16(shifted) << 23;
    const int16 first = (exponent >> 1) & (int)0xff800000;
    return e * as_float16(first + 0x3f800000) * as_float16(exponent - first + 0x3f800000);
}
#else
#define exponential(x) exp(x)
#endif

#define WIDE_PART(n) ((n) / WIDTH * WIDTH)
#define EACH_WIDE(i, n) for (int i = (int)get_local_id(0) * WIDTH; i < WIDE_PART(n); i += GROUP * WIDTH)
#define EACH_REST(i, n) for (int i = WIDE_PART(n) + (int)get_local_id(0); i < (n); i += GROUP)

// The sum, or the maximum, of every item's x, for all items; the order is fixed. `shared` has room for GROUP floats.
inline float group_sum(const float x, local float* shared) {
#if GROUP == 1
    return x;
#else
    const int l = get_local_id(0);
    barrier(CLK_LOCAL_MEM_FENCE);
    shared[l] = x;
    barrier(CLK_LOCAL_MEM_FENCE);
    for (int other = GROUP / 2; other > 0; other /= 2) {
        if (l < other) {
            shared[l] += shared[l + other];
        }
        barrier(CLK_LOCAL_MEM_FENCE);
    }
    return shared[0];
#endif
}

inline float group_max(const float x, local float* shared) {
#if GROUP == 1
    return x;
#else
    const int l = get_local_id(0);
    barrier(CLK_LOCAL_MEM_FENCE);
    shared[l] = x;
    barrier(CLK_LOCAL_MEM_FENCE);
    for (int other = GROUP / 2; other > 0; other /= 2) {
        if (l < other) {
            shared[l] = fmax(shared[l], shared[l + other]);
        }
        barrier(CLK_LOCAL_MEM_FENCE);
    }
    return shared[0];
#endif
}
