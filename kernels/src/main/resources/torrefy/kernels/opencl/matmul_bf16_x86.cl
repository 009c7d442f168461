// The matrix product on an x86 processor that multiplies bfloat16 numbers: operands are rounded as they are packed, and
// products added up in single precision by the instruction VDPBF16PS, which no built-in function of OpenCL C reaches;
// hence the assembly. On a processor without it these kernels kill the process that runs them: see
// torrefy.kernels.opencl.Bf16Door.
//
// The instruction takes neighbouring terms of a sum in pairs, for each of the 16 lanes of a register:
//
//     sum += x.high * y.high + x.low * y.low
//
// So the packed operands are pairs, of p = 2q in the low half of a word and p = 2q + 1 in the high one, with a zero
// behind an odd k. Packed, a is strips of ROWS rows, and b strips of COLUMNS columns; a strip is (ceil(k / 2), ROWS) or
// (ceil(k / 2), COLUMNS) words, without gaps, and missing rows and columns are zeros. Operands of a batch follow one
// another.
//
// Numbers too small to be normal count as zero, in the instruction and where it rounds.

#define ROWS 12
#define REGISTERS 2
#define COLUMNS (16 * REGISTERS)

#define MULTIPLY_ADD(sum, x, y) __asm__("vdpbf16ps %2,%1,%0" : "+v"(sum) : "v"(x), "v"(y))

// To the nearest, ties to even.
inline ushort16 rounded(const float16 x) {
    ushort16 halves;
    __asm__("vcvtneps2bf16 %1,%0" : "=v"(halves) : "v"(x));
    return halves;
}

// 32 numbers, as pairs of neighbours.
inline uint16 neighbours_of_floats(global const float* restrict x) {
    const float16 first = vload16(0, x), second = vload16(1, x);
    uint16 pairs;
    __asm__("vcvtne2ps2bf16 %1,%2,%0" : "=v"(pairs) : "v"(first), "v"(second));
    return pairs;
}
inline uint16 neighbours_of_halves(global const ushort* restrict x) {
    return (uint16)(as_uint8(vload16(0, x)), as_uint8(vload16(1, x)));
}

inline uint16 halves_of_floats(global const float* restrict x) {
    return convert_uint16(rounded(vload16(0, x)));
}
inline uint16 halves_of_halves(global const ushort* restrict x) {
    return convert_uint16(vload16(0, x));
}

#define UNCHANGED(x) (x)
#define UP(count) (((count) + 15) / 16 * 16)

// One step of the transposition below: registers whose numbers differ in bit `d` exchange the lanes whose numbers do.
#define EXCHANGE(v, d, LOW, HIGH)                                                                                      \
    _Pragma("unroll") for (int i = 0; i < 16; i++) {                                                                   \
        if ((i & d) == 0) {                                                                                            \
            const uint16 low = v[i], high = v[i + d];                                                                  \
            v[i] = __builtin_shufflevector(low, high, LOW);                                                            \
            v[i + d] = __builtin_shufflevector(low, high, HIGH);                                                       \
        }                                                                                                              \
    }
#define LOW_1 0, 16, 2, 18, 4, 20, 6, 22, 8, 24, 10, 26, 12, 28, 14, 30
#define HIGH_1 1, 17, 3, 19, 5, 21, 7, 23, 9, 25, 11, 27, 13, 29, 15, 31
#define LOW_2 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29
#define HIGH_2 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31
#define LOW_4 0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25, 26, 27
#define HIGH_4 4, 5, 6, 7, 20, 21, 22, 23, 12, 13, 14, 15, 28, 29, 30, 31
#define LOW_8 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23
#define HIGH_8 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31

// Lane j of register i goes to lane i of register j.
#define TRANSPOSE(v)                                                                                                   \
    EXCHANGE(v, 1, LOW_1, HIGH_1)                                                                                      \
    EXCHANGE(v, 2, LOW_2, HIGH_2)                                                                                      \
    EXCHANGE(v, 4, LOW_4, HIGH_4)                                                                                      \
    EXCHANGE(v, 8, LOW_8, HIGH_8)

// The first `count` lanes; `count` is known where this is compiled.
inline void store_lanes(const uint16 v, const int count, global uint* restrict to) {
    if (count >= 16) {
        vstore16(v, 0, to);
    } else {
        if (count >= 8) {
            vstore8(v.lo, 0, to);
        }
        if (count % 8 >= 4) {
            vstore4(count >= 8 ? v.hi.lo : v.lo.lo, count / 8 * 2, to);
        }
    }
}

// Packs strips of LONG rows of a matrix of `rows` rows and `columns` columns, or of columns of its transpose. Element
// (i, p) is at `at + batch·z + i·row + p·column`. `inPart` is a multiple of 32. Work-items: (strips, parts of the
// columns, batch).
#define PACK(NAME, LONG, TYPE, VALUE, HALVES, NEIGHBOURS)                                                              \
    kernel __attribute__((reqd_work_group_size(1, 1, 1))) void NAME(                                                   \
            const int rows, const int columns, const int inPart,                                                       \
            global uint* restrict packed,                                                                              \
            global const TYPE* restrict in, const int at, const int batch, const int row, const int column) {          \
        const int first = (int)get_group_id(0) * LONG;                                                                 \
        const int from = (int)get_group_id(1) * inPart;                                                                \
        const int to = min(columns, from + inPart);                                                                    \
        const int z = get_group_id(2);                                                                                 \
        global uint* restrict strip =                                                                                  \
                packed + ((size_t)z * get_num_groups(0) + get_group_id(0)) * (size_t)((columns + 1) / 2) * LONG;       \
        global const TYPE* restrict m = in + at + (size_t)z * batch + (size_t)first * row;                             \
        const int count = min(LONG, rows - first);                                                                     \
        int p = from;                                                                                                  \
        if (row == 1 && first + UP(LONG) <= rows) {                                                                     \
            for (; p + 2 <= to; p += 2) {                                                                              \
                _Pragma("unroll") for (int i = 0; i < LONG; i += 16) {                                                 \
                    global const TYPE* restrict x = m + (size_t)p * column + i;                                        \
                    store_lanes(                                                                                       \
                            HALVES(x) | HALVES(x + column) << 16,                                                      \
                            min(16, LONG - i), strip + (size_t)(p / 2) * LONG + i);                                    \
                }                                                                                                      \
            }                                                                                                          \
        } else if (column == 1) {                                                                                      \
            for (; p + 32 <= to; p += 32) {                                                                            \
                for (int i = 0; i < LONG; i += 16) {                                                                   \
                    uint16 v[16];                                                                                      \
                    _Pragma("unroll") for (int j = 0; j < 16; j++) {                                                   \
                        v[j] = 0;                                                                                      \
                        if (i + j < count) {                                                                           \
                            v[j] = NEIGHBOURS(m + (size_t)(i + j) * row + p);                                          \
                        }                                                                                              \
                    }                                                                                                  \
                    TRANSPOSE(v)                                                                                       \
                    _Pragma("unroll") for (int j = 0; j < 16; j++) {                                                   \
                        store_lanes(v[j], min(16, LONG - i), strip + (size_t)(p / 2 + j) * LONG + i);                      \
                    }                                                                                                  \
                }                                                                                                      \
            }                                                                                                          \
        }                                                                                                              \
        for (; p < to; p += 2) {                                                                                       \
            for (int i = 0; i < LONG; i++) {                                                                           \
                uint pair = 0;                                                                                         \
                if (i < count) {                                                                                       \
                    global const TYPE* restrict x = m + (size_t)i * row + (size_t)p * column;                          \
                    pair = VALUE(x[0]);                                                                                \
                    if (p + 1 < columns) {                                                                             \
                        pair |= (uint)VALUE(x[column]) << 16;                                                          \
                    }                                                                                                  \
                }                                                                                                      \
                strip[(size_t)(p / 2) * LONG + i] = pair;                                                              \
            }                                                                                                          \
        }                                                                                                              \
    }

PACK(pack_a, ROWS, float, narrowed, halves_of_floats, neighbours_of_floats)
#ifdef HALF
PACK(pack_b, COLUMNS, ushort, UNCHANGED, halves_of_halves, neighbours_of_halves)
#else
PACK(pack_b, COLUMNS, float, narrowed, halves_of_floats, neighbours_of_floats)
#endif

// c (+)= a·b from packed operands. Rows are counted fastest, so that a strip of b stays in the cache. Work-items: (tiles
// down, tiles across, batch).
kernel __attribute__((reqd_work_group_size(1, 1, 1))) void multiply(
        const int m, const int n, const int k,
        global float* restrict c, const int cAt, const int cBatch, const int cRow,
        global const uint* restrict a, global const uint* restrict b, const int add) {
    const int i0 = (int)get_group_id(0) * ROWS;
    const int j0 = (int)get_group_id(1) * COLUMNS;
    const int z = get_group_id(2);
    const int pairs = (k + 1) / 2;
    global const uint* restrict x = a + ((size_t)z * get_num_groups(0) + get_group_id(0)) * (size_t)pairs * ROWS;
    global const uint* restrict y = b + ((size_t)z * get_num_groups(1) + get_group_id(1)) * (size_t)pairs * COLUMNS;
    float16 sum[ROWS][REGISTERS];
#pragma unroll
    for (int i = 0; i < ROWS; i++) {
#pragma unroll
        for (int r = 0; r < REGISTERS; r++) {
            sum[i][r] = 0;
        }
    }
    for (int q = 0; q < pairs; q++) {
        uint16 right[REGISTERS];
#pragma unroll
        for (int r = 0; r < REGISTERS; r++) {
            right[r] = vload16(r, y);
        }
#pragma unroll
        for (int i = 0; i < ROWS; i++) {
            const uint16 left = x[i];
#pragma unroll
            for (int r = 0; r < REGISTERS; r++) {
                MULTIPLY_ADD(sum[i][r], left, right[r]);
            }
        }
        x += ROWS;
        y += COLUMNS;
    }
    global float* restrict out = c + cAt + (size_t)z * cBatch + (size_t)i0 * cRow + j0;
    if (i0 + ROWS <= m && j0 + COLUMNS <= n) {
#pragma unroll
        for (int i = 0; i < ROWS; i++) {
            global float* restrict to = out + (size_t)i * cRow;
#pragma unroll
            for (int r = 0; r < REGISTERS; r++) {
                vstore16(add ? vload16(r, to) + sum[i][r] : sum[i][r], r, to);
            }
        }
    } else {
        float tile[ROWS * COLUMNS];
#pragma unroll
        for (int i = 0; i < ROWS; i++) {
#pragma unroll
            for (int r = 0; r < REGISTERS; r++) {
                vstore16(sum[i][r], i * REGISTERS + r, tile);
            }
        }
        for (int i = 0; i < ROWS && i0 + i < m; i++) {
            for (int j = 0; j < COLUMNS && j0 + j < n; j++) {
                const float product = tile[i * COLUMNS + j];
                out[(size_t)i * cRow + j] = add ? out[(size_t)i * cRow + j] + product : product;
            }
        }
    }
}
