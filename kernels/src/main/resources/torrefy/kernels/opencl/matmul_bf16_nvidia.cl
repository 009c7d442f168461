// The matrix product on an NVIDIA GPU with units for bfloat16, compute capability 8.0 and later: operands are rounded as
// they go to local memory, and products added up in single precision by the instruction mma.sync, which no built-in
// function of OpenCL C reaches; nor does one reach cvt.rn.bf16x2.f32, which rounds. Hence the assembly, in PTX: NVIDIA,
// "Parallel Thread Execution ISA", chapter on matrix instructions of warps. Whether a device takes it: see
// torrefy.kernels.opencl.Bf16Door.
//
// A group computes a tile of TILE × TILE of the product, 64 or 128. Its items are eight warps, of 32 that compute in
// step, which share the tile out in two rows of four parts. A part is blocks of 16 × 8, the result of one instruction.
//
// The sum is cut into slices of DEEP terms. While the units multiply one slice from local memory, the next one is on its
// way into registers; it goes to the other half of local memory, so that one barrier for each slice is enough.
//
// Neighbouring terms are pairs in one word, the earlier one in the low half. Rows of a, and columns of b, stand in local
// memory as rows of DEEP / 2 pairs and four words that nobody uses: with 20 words from row to row, the words that a warp
// reads at once, four each of eight rows, are in 32 different banks.
//
// With -DEMULATE the items of a warp compute in OpenCL C what the two instructions would, so that everything else can be
// tested on any device.

#ifndef TILE
#define TILE 64
#endif
#define DEEP 32
#define ITEMS 256
#define STRIDE (DEEP / 2 + 4)

// How many terms an item loads at once, all of one row, and how often.
#define RUN 8
#define RUNS (TILE * DEEP / RUN / ITEMS)

// A warp's part of the tile, in blocks of 16 rows and of 8 columns.
#define DOWN (TILE / 2 / 16)
#define ACROSS (TILE / 4 / 8)

#ifdef EMULATE

// Both rounded to the nearest, ties to even.
inline uint pair(const float first, const float second) {
    return narrowed(first) | (uint)narrowed(second) << 16;
}

#define FIRST(pair) widened((ushort)(pair))
#define SECOND(pair) widened((ushort)((pair) >> 16))
#define EXCHANGED (ITEMS * 6)

// Every item shows what it holds of the operands to the others. `shown` has room for EXCHANGED words.
inline float4 multiply_add(const uint4 left, const uint2 right, const float4 sum, local uint* shown) {
    const int item = get_local_id(0);
    const int lane = item % 32;
    barrier(CLK_LOCAL_MEM_FENCE);
    vstore4(left, 0, shown + item * 6);
    vstore2(right, 0, shown + item * 6 + 4);
    barrier(CLK_LOCAL_MEM_FENCE);
    local const uint* warp = shown + (item - lane) * 6;
    float sums[4];
    vstore4(sum, 0, sums);
    for (int e = 0; e < 4; e++) {
        const int lower = e / 2;
        const int column = lane % 4 * 2 + e % 2;
        for (int q = 0; q < 8; q++) {
            const uint x = warp[(lane / 4 * 4 + q % 4) * 6 + q / 4 * 2 + lower];
            const uint y = warp[(column * 4 + q % 4) * 6 + 4 + q / 4];
            sums[e] = fma(FIRST(x), FIRST(y), sums[e]);
            sums[e] = fma(SECOND(x), SECOND(y), sums[e]);
        }
    }
    return vload4(0, sums);
}

#else

inline uint pair(const float first, const float second) {
    uint both;
    asm("cvt.rn.bf16x2.f32 %0, %1, %2;" : "=r"(both) : "f"(second), "f"(first));
    return both;
}

#define EXCHANGED 1

// A block of 16 × 8 and 16 terms, each item of the warp holding its share. With g = lane / 4 and q = lane % 4:
//
//     left    pairs q of rows g and g + 8, then pairs q + 4 of the same rows
//     right   pair q of column g, then pair q + 4
//     sum     columns 2q and 2q + 1 of row g, then of row g + 8
inline float4 multiply_add(const uint4 left, const uint2 right, const float4 sum, local uint* shown) {
    float s0, s1, s2, s3;
    asm volatile("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 "
                 "{%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%10, %11, %12, %13};"
                 : "=f"(s0), "=f"(s1), "=f"(s2), "=f"(s3)
                 : "r"(left.x), "r"(left.y), "r"(left.z), "r"(left.w), "r"(right.x), "r"(right.y),
                   "f"(sum.x), "f"(sum.y), "f"(sum.z), "f"(sum.w));
    return (float4)(s0, s1, s2, s3);
}

#endif

// The runs of an item: where they begin in a tile of TILE rows and DEEP terms. Neighbouring items read neighbours in
// memory, along whichever axis they are; `column` is the way from term to term.
inline int run_row(const int run, const int column) {
    const int e = run * ITEMS + (int)get_local_id(0);
    return column == 1 ? e / (DEEP / RUN) : e % TILE;
}
inline int run_term(const int run, const int column) {
    const int e = run * ITEMS + (int)get_local_id(0);
    return (column == 1 ? e % (DEEP / RUN) : e / TILE) * RUN;
}

// Whether all runs of whole terms can be read as one vector: they begin at its multiples.
inline int is_aligned(const int at, const int batch, const int row, const int column) {
    return column == 1 && (at | batch | row) % RUN == 0;
}

// Reads an item's part of a tile of a matrix that has `rows` rows and `terms` columns left from where the tile begins,
// with zeros beyond. Element (i, p) is at `m[i·row + p·column]`.
#define FETCH(NAME, TYPE, WIDE)                                                                                        \
    inline void NAME(                                                                                                  \
            TYPE (*restrict fetched)[RUN], const int rows, const int terms, global const TYPE* restrict m,             \
            const int row, const int column, const int aligned) {                                                      \
        _Pragma("unroll") for (int run = 0; run < RUNS; run++) {                                                       \
            const int i = run_row(run, column), p = run_term(run, column);                                             \
            global const TYPE* restrict x = m + (size_t)i * row + (size_t)p * column;                                  \
            if (aligned && i < rows && p + RUN <= terms) {                                                             \
                vstore8(*(global const WIDE*)x, 0, fetched[run]);                                                      \
            } else {                                                                                                   \
                _Pragma("unroll") for (int e = 0; e < RUN; e++) {                                                      \
                    fetched[run][e] = i < rows && p + e < terms ? x[(size_t)e * column] : 0;                           \
                }                                                                                                      \
            }                                                                                                          \
        }                                                                                                              \
    }

FETCH(fetch_floats, float, float8)

inline uint4 pairs_of_floats(const float* x) {
    return (uint4)(pair(x[0], x[1]), pair(x[2], x[3]), pair(x[4], x[5]), pair(x[6], x[7]));
}

#ifdef HALF
#define STORED ushort
#define FETCH_RIGHT fetch_halves
#define PAIRS_OF_RIGHT pairs_of_halves
FETCH(fetch_halves, ushort, ushort8)

inline uint4 pairs_of_halves(const ushort* x) {
    return (uint4)(x[0], x[2], x[4], x[6]) | (uint4)(x[1], x[3], x[5], x[7]) << 16;
}
#else
#define STORED float
#define FETCH_RIGHT fetch_floats
#define PAIRS_OF_RIGHT pairs_of_floats
#endif

// Writes what was fetched to local memory.
#define PUT(PAIRS, tile, fetched, column)                                                                              \
    _Pragma("unroll") for (int run = 0; run < RUNS; run++) {                                                           \
        const int i = run_row(run, column), p = run_term(run, column);                                                 \
        *(local uint4*)((tile) + i * STRIDE + p / 2) = PAIRS(fetched[run]);                                            \
    }

// c[z, i, j] (+)= Σ a[z, i, p]·b[z, p, j]. Element (i, p) of a is at `aAt + z·aBatch + i·aRow + p·aColumn`, and so on.
// Groups: (tiles across, tiles down, batch) of (ITEMS, 1, 1) items.
kernel __attribute__((reqd_work_group_size(ITEMS, 1, 1))) void multiply(
        const int m, const int n, const int k,
        global float* restrict c, const int cAt, const int cBatch, const int cRow,
        global const float* restrict a, const int aAt, const int aBatch, const int aRow, const int aColumn,
        global const STORED* restrict b, const int bAt, const int bBatch, const int bRow, const int bColumn,
        const int add) {
    local uint lefts[2][TILE * STRIDE] __attribute__((aligned(16)));
    local uint rights[2][TILE * STRIDE] __attribute__((aligned(16)));
    local uint shown[EXCHANGED];
    const int z = get_group_id(2);
    const int i0 = (int)get_group_id(1) * TILE;
    const int j0 = (int)get_group_id(0) * TILE;
    const int warp = (int)get_local_id(0) / 32;
    const int g = (int)get_local_id(0) % 32 / 4;
    const int q = (int)get_local_id(0) % 4;
    const int down = warp / 4 * (TILE / 2);
    const int across = warp % 4 * (TILE / 4);
    const int aAligned = is_aligned(aAt, aBatch, aRow, aColumn);
    const int bAligned = is_aligned(bAt, bBatch, bColumn, bRow);
    global const float* x = a + aAt + (size_t)z * aBatch + (size_t)i0 * aRow;
    global const STORED* y = b + bAt + (size_t)z * bBatch + (size_t)j0 * bColumn;

    float4 sums[DOWN][ACROSS];
#pragma unroll
    for (int i = 0; i < DOWN; i++) {
#pragma unroll
        for (int j = 0; j < ACROSS; j++) {
            sums[i][j] = 0;
        }
    }
    float left[RUNS][RUN];
    STORED right[RUNS][RUN];
    fetch_floats(left, m - i0, k, x, aRow, aColumn, aAligned);
    FETCH_RIGHT(right, n - j0, k, y, bColumn, bRow, bAligned);
    PUT(pairs_of_floats, lefts[0], left, aColumn)
    PUT(PAIRS_OF_RIGHT, rights[0], right, bRow)
    barrier(CLK_LOCAL_MEM_FENCE);

    int side = 0;
    for (int p0 = 0; p0 < k; p0 += DEEP) {
        const int next = p0 + DEEP;
        if (next < k) {
            fetch_floats(left, m - i0, k - next, x + (size_t)next * aColumn, aRow, aColumn, aAligned);
            FETCH_RIGHT(right, n - j0, k - next, y + (size_t)next * bRow, bColumn, bRow, bAligned);
        }
#pragma unroll
        for (int t = 0; t < DEEP / 2; t += 8) {
            uint2 columns[ACROSS];
#pragma unroll
            for (int j = 0; j < ACROSS; j++) {
                local const uint* from = rights[side] + (across + j * 8 + g) * STRIDE + t + q;
                columns[j] = (uint2)(from[0], from[4]);
            }
#pragma unroll
            for (int i = 0; i < DOWN; i++) {
                local const uint* from = lefts[side] + (down + i * 16 + g) * STRIDE + t + q;
                const uint4 rows = (uint4)(from[0], from[8 * STRIDE], from[4], from[8 * STRIDE + 4]);
#pragma unroll
                for (int j = 0; j < ACROSS; j++) {
                    sums[i][j] = multiply_add(rows, columns[j], sums[i][j], shown);
                }
            }
        }
        side = 1 - side;
        if (next < k) {
            PUT(pairs_of_floats, lefts[side], left, aColumn)
            PUT(PAIRS_OF_RIGHT, rights[side], right, bRow)
        }
        barrier(CLK_LOCAL_MEM_FENCE);
    }

#pragma unroll
    for (int i = 0; i < DOWN; i++) {
#pragma unroll
        for (int j = 0; j < ACROSS; j++) {
            const float values[4] = {sums[i][j].x, sums[i][j].y, sums[i][j].z, sums[i][j].w};
#pragma unroll
            for (int e = 0; e < 4; e++) {
                const int row = i0 + down + i * 16 + g + e / 2 * 8;
                const int column = j0 + across + j * 8 + q * 2 + e % 2;
                if (row < m && column < n) {
                    global float* to = c + cAt + (size_t)z * cBatch + (size_t)row * cRow + column;
                    *to = add ? *to + values[e] : values[e];
                }
            }
        }
    }
}
