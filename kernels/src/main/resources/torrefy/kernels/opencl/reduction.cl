// Sums and maxima of some axes, whatever the strides. The elements that make one result are cut into parts of PART, one
// for each work-item; a second run of the same kernel makes one number of the parts. What is added to what depends on
// the shape alone.

#define SUM 0
#define MAX 1
#define FINITE 2

#if WHAT == SUM
#define NEUTRAL 0.0f
#define COMBINE(a, b) ((a) + (b))
#elif WHAT == MAX
#define NEUTRAL (-INFINITY)
#define COMBINE(a, b) (isnan(a) ? (a) : isnan(b) ? (b) : fmax(a, b))
#else
// 0·x is 0 where x is finite, and NaN where it is not.
#define NEUTRAL 0.0f
#define COMBINE(a, b) ((a) + 0 * (b))
#endif

// out[kept, part] = the elements part·length ... of the reduced axes, combined. The innermost of the reduced axes has
// `run` elements, `step` apart; the others follow from sizes and strides. Work-items: (kept, parts).
kernel void reduce(
        const int kept, const int parts,
        global float* out, const int outAt,
        global const float* in, const int inAt,
        const int keptRank, const int8 keptSizes, const int8 keptStrides,
        const int outerRank, const int8 outerSizes, const int8 outerStrides,
        const int run, const int step, const int reduced, const int length, const int add) {
    const int k = get_global_id(0);
    const int part = get_global_id(1);
    if (k >= kept) {
        return;
    }
    const int from = inAt + place(k, keptRank, keptSizes, keptStrides);
    int i = part * length;
    const int end = min(reduced, i + length);
    float result = NEUTRAL;
    while (i < end) {
        const int outer = i / run;
        const int first = i - outer * run;
        const int count = min(run - first, end - i);
        int at = from + place(outer, outerRank, outerSizes, outerStrides) + first * step;
        float inner = NEUTRAL;
        for (int j = 0; j < count; j++) {
            inner = COMBINE(inner, in[at]);
            at += step;
        }
        result = COMBINE(result, inner);
        i += count;
    }
    const int to = outAt + k * parts + part;
    out[to] = add ? out[to] + result : result;
}

// partial[part, j] = the sum of the part's rows of a matrix whose rows are contiguous, as the gradient of a bias needs
// it: a work-item takes four registers of columns. Work-items: (such groups of columns, parts).
kernel void column_sums(
        const int rows, const int columns, const int inPart,
        global float* partial, global const float* in, const int inAt, const int row) {
    const int part = get_global_id(1);
    const int from = part * inPart;
    const int to = min(rows, from + inPart);
    global float* out = partial + (size_t)part * columns;
    const int first = get_global_id(0) * 4 * WIDTH;
    const int last = min(columns, first + 4 * WIDTH);
    if (first + 4 * WIDTH <= columns) {
        wide sums[4];
        for (int j = 0; j < 4; j++) {
            sums[j] = 0;
        }
        for (int i = from; i < to; i++) {
            global const float* x = in + inAt + (size_t)i * row + first;
            for (int j = 0; j < 4; j++) {
                sums[j] += LOAD(x + j * WIDTH);
            }
        }
        for (int j = 0; j < 4; j++) {
            STORE(sums[j], out + first + j * WIDTH);
        }
    } else {
        for (int j = first; j < last; j++) {
            float sum = 0;
            for (int i = from; i < to; i++) {
                sum += in[inAt + (size_t)i * row + j];
            }
            out[j] = sum;
        }
    }
}

#ifdef DOUBLES
#pragma OPENCL EXTENSION cl_khr_fp64 : enable
typedef double sum_type;
typedef double8 sum_type8;
#define CONVERT_SUM8(x) convert_double8(x)
#define STORE_SUM(sum, to) vstore2(as_int2(sum), 0, to)
#define LOAD_SUM(from) as_double(vload2(0, from))
#else
typedef float sum_type;
typedef float8 sum_type8;
#define CONVERT_SUM8(x) (x)
#define STORE_SUM(sum, to) vstore2((int2)(as_int(sum), 0), 0, to)
#define LOAD_SUM(from) as_float(*(from))
#endif

// partial[part] = the sum of squares of one part of a long array: the bits of a double, or of a float where the device
// has none. Eight sums side by side, so that an addition need not wait for the one before it.
kernel void squares(
        const int n, const int length,
        global int* partial, const int first,
        global const float* in, const int inAt) {
    const int part = get_global_id(0);
    const int end = min(n, (part + 1) * length);
    int i = part * length;
    sum_type8 sums = 0;
    for (; i + 8 <= end; i += 8) {
        const sum_type8 x = CONVERT_SUM8(vload8(0, in + inAt + i));
        sums += x * x;
    }
    sum_type sum = ((sums.s0 + sums.s1) + (sums.s2 + sums.s3)) + ((sums.s4 + sums.s5) + (sums.s6 + sums.s7));
    for (; i < end; i++) {
        const sum_type x = in[inAt + i];
        sum += x * x;
    }
    STORE_SUM(sum, partial + 2 * (first + part));
}

// norm = the root of all parts, and factor = min(1, limit/norm), NaN if the norm is not finite. One work-item.
kernel void clip(
        const int parts, global const int* partial,
        global float* norm, const int normAt,
        global float* factor, const int factorAt, const float limit) {
    sum_type sum = 0;
    for (int part = 0; part < parts; part++) {
        sum += LOAD_SUM(partial + 2 * part);
    }
    const sum_type length = sqrt(sum);
    norm[normAt] = (float)length;
    factor[factorAt] = !isfinite(length) ? NAN : length > limit ? (float)(limit / length) : 1;
}
