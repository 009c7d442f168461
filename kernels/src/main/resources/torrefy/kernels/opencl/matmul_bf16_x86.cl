// The matrix product on an x86 processor that multiplies bfloat16 numbers: operands are rounded as they are packed, and
// products added up in single precision by the instruction VDPBF16PS, which no built-in function of OpenCL C reaches;
// hence the assembly. On a processor without it these kernels kill the process that runs them: see
// torrefy.kernels.opencl.Bf16Door.
//
// The instruction takes neighbouring terms of a sum in pairs, for each of the 16 lanes of a register:
//
//     sum += x.high * y.high + x.low * y.low
//
// So packed operands are pairs, of p = 2q in the low half of a word and p = 2q + 1 in the high one, with a zero behind
// an odd k. Packed, a is strips of ROWS rows, and b strips of COLUMNS columns; a strip is (ceil(k / 2), ROWS) or
// (ceil(k / 2), COLUMNS) words, without gaps, and missing rows and columns are zeros.
//
// All of a is packed beforehand. A strip of b is packed by the work-item that multiplies a by it, in memory of its own,
// which stays in the cache: b, where a model's largest arrays stand, is read once and written nowhere.
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

// The first `count` lanes, 4, 8, 12 or 16 and more; `count` is known where this is compiled.
#define STORE_LANES(v, count, to)                                                                                      \
    if ((count) >= 16) {                                                                                               \
        vstore16(v, 0, to);                                                                                            \
    } else {                                                                                                           \
        if ((count) >= 8) {                                                                                            \
            vstore8((v).lo, 0, to);                                                                                    \
        }                                                                                                              \
        if ((count) % 8 >= 4) {                                                                                        \
            vstore4((count) >= 8 ? (v).hi.lo : (v).lo.lo, (count) / 8 * 2, to);                                        \
        }                                                                                                              \
    }

// Packs columns `from` (even) to `to` of the first LONG rows of a matrix of `rows` rows and `columns` columns, or of
// its transpose. Element (i, p) is at `m[i·row + p·column]`.
#define PACK(NAME, LONG, SPACE, TYPE, VALUE, HALVES, NEIGHBOURS)                                                       \
    inline void NAME(                                                                                                  \
            SPACE uint* restrict strip, const int rows, const int columns, const int from, const int to,               \
            global const TYPE* restrict m, const int row, const int column) {                                          \
        const int count = min(LONG, rows);                                                                             \
        int p = from;                                                                                                  \
        if (row == 1 && UP(LONG) <= rows) {                                                                            \
            for (; p + 2 <= to; p += 2) {                                                                              \
                _Pragma("unroll") for (int i = 0; i < LONG; i += 16) {                                                 \
                    global const TYPE* restrict x = m + (size_t)p * column + i;                                        \
                    const uint16 pairs = HALVES(x) | HALVES(x + column) << 16;                                         \
                    STORE_LANES(pairs, LONG - i, strip + (size_t)(p / 2) * LONG + i)                                   \
                }                                                                                                      \
            }                                                                                                          \
        } else if (column == 1) {                                                                                      \
            for (; p + 32 <= to; p += 32) {                                                                            \
                _Pragma("unroll") for (int i = 0; i < LONG; i += 16) {                                                 \
                    uint16 v[16];                                                                                      \
                    _Pragma("unroll") for (int j = 0; j < 16; j++) {                                                   \
                        v[j] = 0;                                                                                      \
                        if (i + j < count) {                                                                           \
                            v[j] = NEIGHBOURS(m + (size_t)(i + j) * row + p);                                          \
                        }                                                                                              \
                    }                                                                                                  \
                    TRANSPOSE(v)                                                                                       \
                    _Pragma("unroll") for (int j = 0; j < 16; j++) {                                                   \
                        STORE_LANES(v[j], LONG - i, strip + (size_t)(p / 2 + j) * LONG + i)                            \
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

PACK(pack_rows, ROWS, global, float, narrowed, halves_of_floats, neighbours_of_floats)
#ifdef HALF
#define STORED ushort
PACK(pack_columns, COLUMNS, local, ushort, UNCHANGED, halves_of_halves, neighbours_of_halves)
#else
#define STORED float
PACK(pack_columns, COLUMNS, local, float, narrowed, halves_of_floats, neighbours_of_floats)
#endif

// Packs a, (m, k), whose element (i, p) of member z is at `aAt + z·aBatch + i·aRow + p·aColumn`. Members of a batch
// follow one another. `inPart` is a multiple of 32. Work-items: (strips, parts of the columns, batch).
kernel __attribute__((reqd_work_group_size(1, 1, 1))) void pack(
        const int m, const int k, const int inPart, global uint* restrict packed,
        global const float* restrict a, const int aAt, const int aBatch, const int aRow, const int aColumn) {
    const int i0 = (int)get_group_id(0) * ROWS;
    const int from = (int)get_group_id(1) * inPart;
    const int z = get_group_id(2);
    const size_t strip = (size_t)z * get_num_groups(0) + get_group_id(0);
    pack_rows(
            packed + strip * ((k + 1) / 2) * ROWS, m - i0, k, from, min(k, from + inPart),
            a + aAt + (size_t)z * aBatch + (size_t)i0 * aRow, aRow, aColumn);
}

// A tile of c from a strip of each operand. `m` rows and `n` columns of c are left from where the tile begins.
inline void multiply_tile(
        const int m, const int n, const int pairs, global float* restrict out, const int cRow,
        global const uint* restrict x, local const uint* restrict y, const int add) {
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
    if (ROWS <= m && COLUMNS <= n) {
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
        for (int i = 0; i < min(ROWS, m); i++) {
            for (int j = 0; j < min(COLUMNS, n); j++) {
                const float product = tile[i * COLUMNS + j];
                out[(size_t)i * cRow + j] = add ? out[(size_t)i * cRow + j] + product : product;
            }
        }
    }
}

// c (+)= a·b with a packed, and element (p, j) of member z of b at `bAt + z·bBatch + p·bRow + j·bColumn`. A work-item
// computes a strip of c, or `inPart` tiles of it, one below the other. `strip` has room for a strip of b. Work-items:
// (strips, parts of a strip, batch).
kernel __attribute__((reqd_work_group_size(1, 1, 1))) void multiply(
        const int m, const int n, const int k, const int inPart,
        global float* restrict c, const int cAt, const int cBatch, const int cRow,
        global const uint* restrict a,
        global const STORED* restrict b, const int bAt, const int bBatch, const int bRow, const int bColumn,
        const int add, local uint* restrict strip) {
    const int j0 = (int)get_group_id(0) * COLUMNS;
    const int z = get_group_id(2);
    const int pairs = (k + 1) / 2;
    const int down = (m + ROWS - 1) / ROWS;
    const int from = (int)get_group_id(1) * inPart;
    const int to = min(down, from + inPart);
    pack_columns(
            strip, n - j0, k, 0, k,
            b + bAt + (size_t)z * bBatch + (size_t)j0 * bColumn, bColumn, bRow);
    for (int t = from; t < to; t++) {
        const int i0 = t * ROWS;
        multiply_tile(
                m - i0, n - j0, pairs, c + cAt + (size_t)z * cBatch + (size_t)i0 * cRow + j0, cRow,
                a + ((size_t)z * down + t) * (size_t)pairs * ROWS, strip, add);
    }
}
