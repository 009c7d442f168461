// The matrix product where the device is a GPU: a group computes a tile of TILE_ROWS × TILE_COLUMNS, each of its items
// EACH_ROWS × EACH_COLUMNS of it in registers, from slices of both operands, DEPTH deep, that the group brings into
// local memory together. There are two places for slices: while one is multiplied from, the next slice is on its way
// through registers into the other. The sizes are options: see torrefy.kernels.opencl.GpuTiles.
//
// All moves are by fours. ALIGNED says that every four that lie side by side begin at a multiple of four.

#define DOWN (TILE_ROWS / EACH_ROWS)
#define ACROSS (TILE_COLUMNS / EACH_COLUMNS)
#define ITEMS (DOWN * ACROSS)

// How many fours of a slice an item brings.
#define FOURS_OF_A (TILE_ROWS * DEPTH / 4 / ITEMS)
#define FOURS_OF_B (TILE_COLUMNS * DEPTH / 4 / ITEMS)

// A row of a slice in local memory, in fours: one is left out, or items would write to the same bank.
#define ROW_OF_A (TILE_ROWS / 4 + 1)
#define ROW_OF_B (TILE_COLUMNS / 4 + 1)

#ifdef HALF
#define STORED ushort
#define STORED4 ushort4
#define READ(x) widened(x)
#define READ4(x) as_float4(convert_uint4(x) << 16)
#else
#define STORED float
#define STORED4 float4
#define READ(x) (x)
#define READ4(x) (x)
#endif

// Four numbers, `step` apart, of which the first `count` are in the matrix; zeros stand for the others.
#define FOUR(NAME, TYPE, TYPE4, VALUE, VALUE4)                                                                         \
    inline float4 NAME(global const TYPE* from, const int step, const int count) {                                     \
        if (step == 1 && count >= 4) {                                                                                 \
            return VALUE4(SIDE_BY_SIDE(TYPE4, from));                                                                  \
        }                                                                                                              \
        float4 x = 0;                                                                                                  \
        if (count > 0) {                                                                                               \
            x.s0 = VALUE(from[0]);                                                                                     \
        }                                                                                                              \
        if (count > 1) {                                                                                               \
            x.s1 = VALUE(from[(size_t)step]);                                                                          \
        }                                                                                                              \
        if (count > 2) {                                                                                               \
            x.s2 = VALUE(from[(size_t)2 * step]);                                                                      \
        }                                                                                                              \
        if (count > 3) {                                                                                               \
            x.s3 = VALUE(from[(size_t)3 * step]);                                                                      \
        }                                                                                                              \
        return x;                                                                                                      \
    }

#ifdef ALIGNED
#define SIDE_BY_SIDE(TYPE4, from) (*(global const TYPE4*)(from))
#else
#define SIDE_BY_SIDE(TYPE4, from) vload4(0, from)
#endif

#define FLOAT_VALUE(x) (x)
FOUR(four_of_a, float, float4, FLOAT_VALUE, FLOAT_VALUE)
FOUR(four_of_b, STORED, STORED4, READ, READ4)

// Where the e-th four of a slice of LONG × DEPTH lies: the sum's index p, and i along the other axis. Along the one on
// which numbers are neighbours in memory the fours lie, and the fours of neighbouring items side by side.
#define PLACE_OF_FOUR(e, LONG, isAlongSum, i, p)                                                                       \
    const int i = isAlongSum ? (e) / (DEPTH / 4) : (e) % (LONG / 4) * 4;                                               \
    const int p = isAlongSum ? (e) % (DEPTH / 4) * 4 : (e) / (LONG / 4);

// From memory into an item's registers.
#define FETCH(READ_FOUR, fours, FOURS, LONG, isAlongSum, from, first, limit, row, column)                              \
    for (int f = 0; f < FOURS; f++) {                                                                                  \
        PLACE_OF_FOUR(item + f * ITEMS, LONG, isAlongSum, i, p)                                                        \
        const int rest = isAlongSum ? (first + i < limit ? k - next - p : 0) : (next + p < k ? limit - first - i : 0);  \
        fours[f] = READ_FOUR(                                                                                          \
                from + (size_t)(first + i) * row + (size_t)(next + p) * column, isAlongSum ? column : row, rest);      \
    }

// And from there into local memory, where every slice lies the same way: a row for each p.
#define KEEP(fours, FOURS, LONG, isAlongSum, slice, ROW)                                                               \
    for (int f = 0; f < FOURS; f++) {                                                                                  \
        PLACE_OF_FOUR(item + f * ITEMS, LONG, isAlongSum, i, p)                                                        \
        if (isAlongSum) {                                                                                              \
            local float* to = (local float*)(slice + p * ROW) + i;                                                     \
            to[0] = fours[f].s0;                                                                                       \
            to[4 * ROW] = fours[f].s1;                                                                                 \
            to[8 * ROW] = fours[f].s2;                                                                                 \
            to[12 * ROW] = fours[f].s3;                                                                                \
        } else {                                                                                                       \
            slice[p * ROW + i / 4] = fours[f];                                                                         \
        }                                                                                                              \
    }

// c[z, i, j] (+)= Σ a[z, i, p]·b[z, p, j]. Element (i, p) of a is at `aAt + z·aBatch + i·aRow + p·aColumn`, and so on.
// An item's rows and columns are fours, DOWN and ACROSS fours apart, so that neighbouring items read neighbouring fours.
// A sum is added up in order of p, whatever the sizes. Groups: (tiles across, tiles down, batch) of (ACROSS, DOWN, 1)
// items.
kernel __attribute__((reqd_work_group_size(ACROSS, DOWN, 1))) void multiply(
        const int m, const int n, const int k,
        global float* c, const int cAt, const int cBatch, const int cRow,
        global const float* a, const int aAt, const int aBatch, const int aRow, const int aColumn,
        global const STORED* b, const int bAt, const int bBatch, const int bRow, const int bColumn,
        const int add) {
    local float4 as[2][DEPTH * ROW_OF_A];
    local float4 bs[2][DEPTH * ROW_OF_B];
    const int z = get_group_id(2);
    const int i0 = (int)get_group_id(1) * TILE_ROWS;
    const int j0 = (int)get_group_id(0) * TILE_COLUMNS;
    const int across = get_local_id(0);
    const int down = get_local_id(1);
    const int item = down * ACROSS + across;
    const bool isRowsOfA = aColumn == 1;
    const bool isColumnsOfB = bColumn != 1;
    global const float* x = a + aAt + (size_t)z * aBatch;
    global const STORED* y = b + bAt + (size_t)z * bBatch;

    float4 sums[EACH_ROWS][EACH_COLUMNS / 4];
#pragma unroll
    for (int i = 0; i < EACH_ROWS; i++) {
#pragma unroll
        for (int j = 0; j < EACH_COLUMNS / 4; j++) {
            sums[i][j] = 0;
        }
    }
    float4 ofA[FOURS_OF_A], ofB[FOURS_OF_B];
    int next = 0;
    FETCH(four_of_a, ofA, FOURS_OF_A, TILE_ROWS, isRowsOfA, x, i0, m, aRow, aColumn)
    FETCH(four_of_b, ofB, FOURS_OF_B, TILE_COLUMNS, isColumnsOfB, y, j0, n, bColumn, bRow)
    KEEP(ofA, FOURS_OF_A, TILE_ROWS, isRowsOfA, as[0], ROW_OF_A)
    KEEP(ofB, FOURS_OF_B, TILE_COLUMNS, isColumnsOfB, bs[0], ROW_OF_B)
    barrier(CLK_LOCAL_MEM_FENCE);
    int now = 0;
    while (next < k) {
        next += DEPTH;
        if (next < k) {
            FETCH(four_of_a, ofA, FOURS_OF_A, TILE_ROWS, isRowsOfA, x, i0, m, aRow, aColumn)
            FETCH(four_of_b, ofB, FOURS_OF_B, TILE_COLUMNS, isColumnsOfB, y, j0, n, bColumn, bRow)
        }
        for (int p = 0; p < DEPTH; p++) {
            float left[EACH_ROWS];
            float4 right[EACH_COLUMNS / 4];
#pragma unroll
            for (int i = 0; i < EACH_ROWS / 4; i++) {
                vstore4(as[now][p * ROW_OF_A + down + i * DOWN], i, left);
            }
#pragma unroll
            for (int j = 0; j < EACH_COLUMNS / 4; j++) {
                right[j] = bs[now][p * ROW_OF_B + across + j * ACROSS];
            }
#pragma unroll
            for (int i = 0; i < EACH_ROWS; i++) {
#pragma unroll
                for (int j = 0; j < EACH_COLUMNS / 4; j++) {
                    sums[i][j] = fma((float4)left[i], right[j], sums[i][j]);
                }
            }
        }
        // Nobody reads the other place any more: all have passed the barrier since.
        now = 1 - now;
        if (next < k) {
            KEEP(ofA, FOURS_OF_A, TILE_ROWS, isRowsOfA, as[now], ROW_OF_A)
            KEEP(ofB, FOURS_OF_B, TILE_COLUMNS, isColumnsOfB, bs[now], ROW_OF_B)
        }
        barrier(CLK_LOCAL_MEM_FENCE);
    }

#pragma unroll
    for (int i = 0; i < EACH_ROWS; i++) {
        const int row = i0 + 4 * (down + i / 4 * DOWN) + i % 4;
#pragma unroll
        for (int j = 0; j < EACH_COLUMNS / 4; j++) {
            const int column = j0 + 4 * (across + j * ACROSS);
            global float* to = c + cAt + (size_t)z * cBatch + (size_t)row * cRow + column;
            if (row < m && column + 4 <= n) {
                vstore4(add ? vload4(0, to) + sums[i][j] : sums[i][j], 0, to);
            } else if (row < m) {
                float last[4];
                vstore4(sums[i][j], 0, last);
                for (int e = 0; column + e < n; e++) {
                    to[e] = add ? to[e] + last[e] : last[e];
                }
            }
        }
    }
}
