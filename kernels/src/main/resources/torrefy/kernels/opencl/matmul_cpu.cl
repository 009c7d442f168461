// The matrix product where the device is a processor: tiles of ROWS rows by COLUMNS columns are computed in registers,
// from operands that were packed in the order in which they are read. It is the loop of
// torrefy.kernels.vector.MatmulTile in another language. ROWS, COLUMNS and LANES, the numbers of a vector, of which
// COLUMNS is a multiple, are options: see torrefy.kernels.opencl.CpuTiles.
//
// Packed, a is strips of ROWS rows, and b strips of COLUMNS columns; a strip is (k, ROWS) or (k, COLUMNS), without gaps,
// and missing rows and columns are zeros.
//
// All of a is packed beforehand, the matrices of a batch one after another. A slice of a strip of b is packed by the
// work-item that multiplies a by it, in memory of its own, which stays in the cache: b, where a model's largest arrays
// stand, is read once and written nowhere.

#define VECTORS (COLUMNS / LANES)

#define JOINED(a, b) a##b
#define NAMED(a, b) JOINED(a, b)
#define VECTOR NAMED(float, LANES)
#define LOAD_VECTOR(i, from) NAMED(vload, LANES)(i, from)
#define STORE_VECTOR(x, i, to) NAMED(vstore, LANES)(x, i, to)

// How an operand is stored, and read.
#ifdef HALF
#define STORED ushort
#define READ(x) widened(x)
#else
#define STORED float
#define READ(x) (x)
#endif

// Packs columns `from` to `to` of the first LONG rows of a matrix that has `rows` rows, or of its transpose. Element
// (i, p) is at `m[i·row + p·column]`.
#define PACK(NAME, LONG, SPACE, TYPE, VALUE)                                                                           \
    inline void NAME(                                                                                                  \
            SPACE float* restrict strip, const int rows, const int from, const int to,                                 \
            global const TYPE* restrict m, const int row, const int column) {                                          \
        int p = from;                                                                                                  \
        if (LONG <= rows && row == 1) {                                                                                \
            for (; p < to; p++) {                                                                                      \
                for (int i = 0; i < LONG; i++) {                                                                       \
                    strip[(size_t)(p - from) * LONG + i] = VALUE(m[(size_t)p * column + i]);                           \
                }                                                                                                      \
            }                                                                                                          \
        } else if (LONG <= rows && column == 1) {                                                                      \
            for (; p + 16 <= to; p += 16) {                                                                            \
                for (int i = 0; i < LONG; i++) {                                                                       \
                    global const TYPE* restrict x = m + (size_t)i * row + p;                                           \
                    for (int j = 0; j < 16; j++) {                                                                     \
                        strip[(size_t)(p - from + j) * LONG + i] = VALUE(x[j]);                                        \
                    }                                                                                                  \
                }                                                                                                      \
            }                                                                                                          \
        }                                                                                                              \
        for (; p < to; p++) {                                                                                          \
            for (int i = 0; i < LONG; i++) {                                                                           \
                strip[(size_t)(p - from) * LONG + i] =                                                                 \
                        i < rows ? VALUE(m[(size_t)i * row + (size_t)p * column]) : 0.0f;                              \
            }                                                                                                          \
        }                                                                                                              \
    }

#define UNCHANGED(x) (x)
PACK(pack_rows, ROWS, global, float, UNCHANGED)
PACK(pack_columns, COLUMNS, local, STORED, READ)

// Packs a, (m, k), whose element (i, p) of member z is at `aAt + z·aBatch + i·aRow + p·aColumn`. Work-items: (strips,
// parts of the columns, batch).
kernel __attribute__((reqd_work_group_size(1, 1, 1))) void pack(
        const int m, const int k, const int inPart, global float* restrict packed,
        global const float* restrict a, const int aAt, const int aBatch, const int aRow, const int aColumn) {
    const int i0 = (int)get_group_id(0) * ROWS;
    const int from = (int)get_group_id(1) * inPart;
    const int z = get_group_id(2);
    const size_t strip = (size_t)z * get_num_groups(0) + get_group_id(0);
    pack_rows(
            packed + strip * k * ROWS + (size_t)from * ROWS, m - i0, from, min(k, from + inPart),
            a + aAt + (size_t)z * aBatch + (size_t)i0 * aRow, aRow, aColumn);
}

// A tile of c (+)= a slice of a strip of a, by one of b. `m` rows and `n` columns of c are left from where the tile
// begins.
inline void multiply_tile(
        const int m, const int n, const int terms, global float* restrict out, const int cRow,
        global const float* restrict x, local const float* restrict y, const int add) {
    const bool isWhole = ROWS <= m && COLUMNS <= n;
    // What of a tile hangs over the edge of c is computed here and left here.
    float edge[ROWS * COLUMNS];
    VECTOR sums[ROWS][VECTORS];
#pragma unroll
    for (int i = 0; i < ROWS; i++) {
#pragma unroll
        for (int j = 0; j < VECTORS; j++) {
            sums[i][j] = 0;
        }
    }
    for (int p = 0; p < terms; p++) {
        VECTOR right[VECTORS];
#pragma unroll
        for (int j = 0; j < VECTORS; j++) {
            right[j] = LOAD_VECTOR(j, y);
        }
#pragma unroll
        for (int i = 0; i < ROWS; i++) {
            const VECTOR left = x[i];
#pragma unroll
            for (int j = 0; j < VECTORS; j++) {
                sums[i][j] = fma(left, right[j], sums[i][j]);
            }
        }
        x += ROWS;
        y += COLUMNS;
    }
#pragma unroll
    for (int i = 0; i < ROWS; i++) {
#pragma unroll
        for (int j = 0; j < VECTORS; j++) {
            if (!isWhole) {
                STORE_VECTOR(sums[i][j], i * VECTORS + j, edge);
            } else if (add) {
                STORE_VECTOR(LOAD_VECTOR(j, out + (size_t)i * cRow) + sums[i][j], j, out + (size_t)i * cRow);
            } else {
                STORE_VECTOR(sums[i][j], j, out + (size_t)i * cRow);
            }
        }
    }
    if (!isWhole) {
        for (int i = 0; i < min(ROWS, m); i++) {
            for (int j = 0; j < min(COLUMNS, n); j++) {
                const float sum = edge[i * COLUMNS + j];
                out[(size_t)i * cRow + j] = add ? out[(size_t)i * cRow + j] + sum : sum;
            }
        }
    }
}

// c (+)= a·b over the terms `from` to `to`, with a packed, and element (p, j) of member z of b at
// `bAt + z·bBatch + p·bRow + j·bColumn`. A work-item computes a strip of c, or `inPart` tiles of it, one below the other.
// The slice is so thin that its part of b, for which `strip` has room, stays in the second-level cache, and its part of a
// is there, or not far from it, for the next strip. It is summed up by itself and its sum then added to c: that rounds less than one
// sum over all slices. Work-items: (strips, parts of a strip, batch).
kernel __attribute__((reqd_work_group_size(1, 1, 1))) void multiply(
        const int m, const int n, const int k, const int from, const int to, const int inPart,
        global float* restrict c, const int cAt, const int cBatch, const int cRow,
        global const float* restrict a,
        global const STORED* restrict b, const int bAt, const int bBatch, const int bRow, const int bColumn,
        const int add, local float* restrict strip) {
    const int j0 = (int)get_group_id(0) * COLUMNS;
    const int z = get_group_id(2);
    const int down = (m + ROWS - 1) / ROWS;
    const int first = (int)get_group_id(1) * inPart;
    const int last = min(down, first + inPart);
    pack_columns(strip, n - j0, from, to, b + bAt + (size_t)z * bBatch + (size_t)j0 * bColumn, bColumn, bRow);
    for (int t = first; t < last; t++) {
        const int i0 = t * ROWS;
        multiply_tile(
                m - i0, n - j0, to - from, c + cAt + (size_t)z * cBatch + (size_t)i0 * cRow + j0, cRow,
                a + (((size_t)z * down + t) * k + from) * ROWS, strip, add);
    }
}
