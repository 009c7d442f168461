// Every element alike. A kernel is one function: which, and for which types, is chosen by options.
//
// DENSE: all arrays are contiguous, and element i is at i. PLANE: they have two axes, of which the inner one is the first
// of the work-items' and the outer the second; UNIT: along the inner one all have stride 1. Otherwise the place of an
// element follows from sizes and strides.

#if defined(DENSE)
#define AXES
#define PLACE(strides) i
#define STRIDES(name)
#elif defined(PLANE)
#define AXES
#ifdef UNIT
#define PLACE(strides) ((int)get_global_id(1) * strides.s0 + i)
#else
#define PLACE(strides) ((int)get_global_id(1) * strides.s0 + i * strides.s1)
#endif
#define STRIDES(name) , const int8 name
#else
#define AXES , const int rank, const int8 sizes
#define PLACE(strides) place(i, rank, sizes, strides)
#define STRIDES(name) , const int8 name
#endif

#define BEGIN                        \
    const int i = get_global_id(0);  \
    if (i >= n) {                    \
        return;                      \
    }

#ifndef ELEMENT
#define ELEMENT float
#endif

kernel void fill(const int n, global ELEMENT* out, const int outAt STRIDES(outStrides) AXES, const ELEMENT value) {
    BEGIN
    out[outAt + PLACE(outStrides)] = value;
}

#ifdef COPY_OUT
kernel void copy(
        const int n,
        global COPY_OUT* out, const int outAt STRIDES(outStrides),
        global const COPY_IN* in, const int inAt STRIDES(inStrides) AXES) {
    BEGIN
    out[outAt + PLACE(outStrides)] = COPY_AS(in[inAt + PLACE(inStrides)]);
}
#endif

// out = scale·in + shift
kernel void affine(
        const int n,
        global float* out, const int outAt STRIDES(outStrides),
        global const float* in, const int inAt STRIDES(inStrides) AXES,
        const float scale, const float shift) {
    BEGIN
    out[outAt + PLACE(outStrides)] = scale * in[inAt + PLACE(inStrides)] + shift;
}

// out += scale·in
kernel void accumulate(
        const int n,
        global float* out, const int outAt STRIDES(outStrides),
        global const float* in, const int inAt STRIDES(inStrides) AXES,
        const float scale) {
    BEGIN
    out[outAt + PLACE(outStrides)] += scale * in[inAt + PLACE(inStrides)];
}

#ifdef UNARY
// f and its derivative, of x or of y = f(x).
#define NEGATE 0
#define EXP 1
#define LOG 2
#define SQRT 3
#define RECIPROCAL 4
#define ABS 5
#define TANH 6
#define SIGMOID 7
#define RELU 8
#define GELU_TANH 9
#define GELU_ERF 10
#define SILU 11

#if UNARY == NEGATE
#define F(T, exp, sigmoid, gelu_argument, normal_distribution) -x
#define SLOPE(T, exp, sigmoid, gelu_argument, normal_distribution) (T)-1
#elif UNARY == EXP
#define F(T, exp, sigmoid, gelu_argument, normal_distribution) exp(x)
#define SLOPE(T, exp, sigmoid, gelu_argument, normal_distribution) y
#elif UNARY == LOG
#define F(T, exp, sigmoid, gelu_argument, normal_distribution) log(x)
#define SLOPE(T, exp, sigmoid, gelu_argument, normal_distribution) 1 / x
#elif UNARY == SQRT
#define F(T, exp, sigmoid, gelu_argument, normal_distribution) sqrt(x)
#define SLOPE(T, exp, sigmoid, gelu_argument, normal_distribution) 0.5f / y
#elif UNARY == RECIPROCAL
#define F(T, exp, sigmoid, gelu_argument, normal_distribution) 1 / x
#define SLOPE(T, exp, sigmoid, gelu_argument, normal_distribution) -y * y
#elif UNARY == ABS
#define F(T, exp, sigmoid, gelu_argument, normal_distribution) fabs(x)
#define SLOPE(T, exp, sigmoid, gelu_argument, normal_distribution) (isnan(x) ? x : sign(x))
#elif UNARY == TANH
#define F(T, exp, sigmoid, gelu_argument, normal_distribution) (fabs(x) > 10 ? copysign((T)1, x) : tanh(x)) /* beyond 10 it is 1, which not every device says */
#define SLOPE(T, exp, sigmoid, gelu_argument, normal_distribution) 1 - y * y
#elif UNARY == SIGMOID
#define F(T, exp, sigmoid, gelu_argument, normal_distribution) sigmoid(x)
#define SLOPE(T, exp, sigmoid, gelu_argument, normal_distribution) y * (1 - y)
#elif UNARY == RELU
#define F(T, exp, sigmoid, gelu_argument, normal_distribution) (isnan(x) ? x : fmax(x, (T)0))
#define SLOPE(T, exp, sigmoid, gelu_argument, normal_distribution) (x > 0 ? (T)1 : (T)0)
#elif UNARY == GELU_TANH
#define F(T, exp, sigmoid, gelu_argument, normal_distribution) x * sigmoid(gelu_argument(x))
#define SLOPE(T, exp, sigmoid, gelu_argument, normal_distribution) gelu_slope(x, sigmoid(gelu_argument(x)))
#elif UNARY == GELU_ERF
#define F(T, exp, sigmoid, gelu_argument, normal_distribution) x * normal_distribution(x)
#define SLOPE(T, exp, sigmoid, gelu_argument, normal_distribution) normal_distribution(x) + x * 0.39894228f * exp(-0.5f * x * x)
#elif UNARY == SILU
#define F(T, exp, sigmoid, gelu_argument, normal_distribution) x * sigmoid(x)
#define SLOPE(T, exp, sigmoid, gelu_argument, normal_distribution) sigmoid(x) * (1 + x * (1 - sigmoid(x)))
#endif
#define gelu_slope(x, s) ((s) + x * (s) * (1 - (s)) * 1.5957691216f * (1 + 3 * 0.044715f * x * x))

// Written for one number or for a register of them, as T.
#define FUNCTION(T, exp, sigmoid, gelu_argument, normal_distribution, f, slope)                                             \
    inline T sigmoid(const T x) {                                                                                      \
        return 1 / (1 + exp(-x));                                                                                      \
    }                                                                                                                  \
    /* u = 2·sqrt(2/pi)·(x + 0.044715·x³); the gate (1 + tanh(u/2))/2 is sigmoid(u). */                                \
    inline T gelu_argument(const T x) {                                                                                \
        return 1.5957691216f * x * (1 + 0.044715f * x * x);                                                            \
    }                                                                                                                  \
    inline T normal_distribution(const T x) {                                                                          \
        return 0.5f * erfc(-0.70710678f * x);                                                                          \
    }                                                                                                                  \
    inline T f(const T x) {                                                                                            \
        return F(T, exp, sigmoid, gelu_argument, normal_distribution);                                                      \
    }                                                                                                                  \
    inline T slope(const T x, const T y) {                                                                             \
        return SLOPE(T, exp, sigmoid, gelu_argument, normal_distribution);                                                  \
    }

FUNCTION(float, exp, sigmoid, gelu_argument, normal_distribution, f, slope)
#if WIDTH > 1
FUNCTION(wide, exponential, wide_sigmoid, wide_gelu_argument, wide_normal_distribution, wide_f, wide_slope)
#endif

#if defined(DENSE) && WIDTH > 1
// A work-item takes a register: functions are made for them.
kernel void unary(
        const int n, global float* out, const int outAt, global const float* in, const int inAt) {
    const int first = get_global_id(0) * WIDTH;
    if (first + WIDTH <= n) {
        STORE(wide_f(LOAD(in + inAt + first)), out + outAt + first);
    } else {
        for (int i = first; i < n; i++) {
            out[outAt + i] = f(in[inAt + i]);
        }
    }
}

kernel void unary_gradient(
        const int n,
        global float* dIn, const int dInAt,
        global const float* in, const int inAt,
        global const float* out, const int outAt,
        global const float* dOut, const int dOutAt,
        const int add) {
    const int first = get_global_id(0) * WIDTH;
    if (first + WIDTH <= n) {
        const wide d = LOAD(dOut + dOutAt + first) * wide_slope(LOAD(in + inAt + first), LOAD(out + outAt + first));
        STORE(add ? LOAD(dIn + dInAt + first) + d : d, dIn + dInAt + first);
    } else {
        for (int i = first; i < n; i++) {
            const float d = dOut[dOutAt + i] * slope(in[inAt + i], out[outAt + i]);
            dIn[dInAt + i] = add ? dIn[dInAt + i] + d : d;
        }
    }
}
#else
kernel void unary(
        const int n,
        global float* out, const int outAt STRIDES(outStrides),
        global const float* in, const int inAt STRIDES(inStrides) AXES) {
    BEGIN
    out[outAt + PLACE(outStrides)] = f(in[inAt + PLACE(inStrides)]);
}

// dIn (+)= dOut·f'(in)
kernel void unary_gradient(
        const int n,
        global float* dIn, const int dInAt STRIDES(dInStrides),
        global const float* in, const int inAt STRIDES(inStrides),
        global const float* out, const int outAt STRIDES(outStrides),
        global const float* dOut, const int dOutAt STRIDES(dOutStrides) AXES,
        const int add) {
    BEGIN
    const float d = dOut[dOutAt + PLACE(dOutStrides)]
            * slope(in[inAt + PLACE(inStrides)], out[outAt + PLACE(outStrides)]);
    const int to = dInAt + PLACE(dInStrides);
    dIn[to] = add ? dIn[to] + d : d;
}
#endif
#endif

#ifdef BINARY
#define ADD 0
#define SUBTRACT 1
#define MULTIPLY 2
#define DIVIDE 3
#define POWER 4
#define MAXIMUM 5
#define MINIMUM 6
#define GREATER 7
#define EQUAL 8

inline float g(const float a, const float b) {
#if BINARY == ADD
    return a + b;
#elif BINARY == SUBTRACT
    return a - b;
#elif BINARY == MULTIPLY
    return a * b;
#elif BINARY == DIVIDE
    return a / b;
#elif BINARY == POWER
    return pow(a, b);
#elif BINARY == MAXIMUM
    return isnan(a) ? a : isnan(b) ? b : fmax(a, b);
#elif BINARY == MINIMUM
    return isnan(a) ? a : isnan(b) ? b : fmin(a, b);
#elif BINARY == GREATER
    return a > b ? 1 : 0;
#elif BINARY == EQUAL
    return a == b ? 1 : 0;
#endif
}

kernel void binary(
        const int n,
        global float* out, const int outAt STRIDES(outStrides),
        global const float* a, const int aAt STRIDES(aStrides),
        global const float* b, const int bAt STRIDES(bStrides) AXES) {
    BEGIN
    out[outAt + PLACE(outStrides)] = g(a[aAt + PLACE(aStrides)], b[bAt + PLACE(bStrides)]);
}
#endif

// out = condition ? a : b
kernel void choose(
        const int n,
        global float* out, const int outAt STRIDES(outStrides),
        global const float* condition, const int conditionAt STRIDES(conditionStrides),
        global const float* a, const int aAt STRIDES(aStrides),
        global const float* b, const int bAt STRIDES(bStrides) AXES) {
    BEGIN
    out[outAt + PLACE(outStrides)] =
            condition[conditionAt + PLACE(conditionStrides)] != 0 ? a[aAt + PLACE(aStrides)] : b[bAt + PLACE(bStrides)];
}
