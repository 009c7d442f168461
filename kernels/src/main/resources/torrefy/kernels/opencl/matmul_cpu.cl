// The matrix product where the device is a processor. No local memory: one work-item computes a tile of ROWS rows by
// COLUMNS columns in registers, from operands that were packed in the order in which it reads them. It is the loop of
// torrefy.kernels.vector.MatmulTile in another language. ROWS, COLUMNS and LANES, the numbers of a vector, of which
// COLUMNS is a multiple, are options: see torrefy.kernels.opencl.CpuTiles.
//
// Packed, a is strips of ROWS rows, and b strips of COLUMNS columns; a strip is (k, ROWS) or (k, COLUMNS), without gaps,
// and missing rows and columns are zeros. Operands of a batch follow one another.

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

// Packs strips of LONG rows of a matrix of `rows` rows and `columns` columns, or of columns of its transpose. Element
// (i, p) is at `at + batch·z + i·row + p·column`. Work-items: (strips, parts of the columns, batch).
#define PACK(NAME, LONG, TYPE, VALUE)                                                                                  \
    kernel __attribute__((reqd_work_group_size(1, 1, 1))) void NAME(                                                   \
            const int rows, const int columns, const int inPart,                                                       \
            global float* restrict packed,                                                                             \
            global const TYPE* restrict in, const int at, const int batch, const int row, const int column) {          \
        const int first = (int)get_group_id(0) * LONG;                                                                 \
        const int from = (int)get_group_id(1) * inPart;                                                                \
        const int to = min(columns, from + inPart);                                                                    \
        const int z = get_group_id(2);                                                                                 \
        global float* restrict strip =                                                                                 \
                packed + ((size_t)z * get_num_groups(0) + get_group_id(0)) * (size_t)columns * LONG;                   \
        global const TYPE* restrict m = in + at + (size_t)z * batch + (size_t)first * row;                             \
        const int count = min(LONG, rows - first);                                                                     \
        if (count == LONG && row == 1) {                                                                               \
            for (int p = from; p < to; p++) {                                                                          \
                for (int i = 0; i < LONG; i++) {                                                                       \
                    strip[(size_t)p * LONG + i] = VALUE(m[(size_t)p * column + i]);                                    \
                }                                                                                                      \
            }                                                                                                          \
        } else {                                                                                                       \
            int p = from;                                                                                              \
            if (count == LONG && column == 1) {                                                                        \
                for (; p + 16 <= to; p += 16) {                                                                        \
                    for (int i = 0; i < LONG; i++) {                                                                   \
                        global const TYPE* restrict x = m + (size_t)i * row + p;                                       \
                        for (int j = 0; j < 16; j++) {                                                                 \
                            strip[(size_t)(p + j) * LONG + i] = VALUE(x[j]);                                           \
                        }                                                                                              \
                    }                                                                                                  \
                }                                                                                                      \
            }                                                                                                          \
            for (; p < to; p++) {                                                                                      \
                for (int i = 0; i < LONG; i++) {                                                                       \
                    strip[(size_t)p * LONG + i] =                                                                      \
                            i < count ? VALUE(m[(size_t)i * row + (size_t)p * column]) : 0.0f;                         \
                }                                                                                                      \
            }                                                                                                          \
        }                                                                                                              \
    }

#define FLOAT_VALUE(x) (x)
PACK(pack_a, ROWS, float, FLOAT_VALUE)
PACK(pack_b, COLUMNS, STORED, READ)

// c (+)= a·b over the p from `from` to `to`, from packed operands: a slice is so deep that its part of a strip of b
// stays in the first-level cache. Rows are counted fastest, for the same reason. A slice is summed up by itself and its
// sum then added to c: that rounds less than one sum over all slices. Work-items: (tiles down, tiles across, batch).
kernel __attribute__((reqd_work_group_size(1, 1, 1))) void multiply(
        const int m, const int n, const int k, const int from, const int to,
        global float* restrict c, const int cAt, const int cBatch, const int cRow,
        global const float* restrict a, global const float* restrict b, const int add) {
    const int i0 = (int)get_group_id(0) * ROWS;
    const int j0 = (int)get_group_id(1) * COLUMNS;
    const int z = get_group_id(2);
    global const float* restrict x = a + ((size_t)z * get_num_groups(0) + get_group_id(0)) * (size_t)k * ROWS + (size_t)from * ROWS;
    global const float* restrict y = b + ((size_t)z * get_num_groups(1) + get_group_id(1)) * (size_t)k * COLUMNS + (size_t)from * COLUMNS;
    global float* restrict out = c + cAt + (size_t)z * cBatch + (size_t)i0 * cRow + j0;
    const bool isWhole = i0 + ROWS <= m && j0 + COLUMNS <= n;
    const int height = min(ROWS, m - i0);
    const int width = min(COLUMNS, n - j0);
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
    for (int p = from; p < to; p++) {
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
        for (int i = 0; i < height; i++) {
            for (int j = 0; j < width; j++) {
                const float sum = edge[i * COLUMNS + j];
                out[(size_t)i * cRow + j] = add ? out[(size_t)i * cRow + j] + sum : sum;
            }
        }
    }
}
