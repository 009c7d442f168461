// The matrix product where the device is a GPU: a group computes a tile of TILE × TILE, each of its items 4 × 4 of it in
// registers, from slices of both operands that the group has loaded into local memory together.

#define TILE 64
#define DEEP 16
#define EACH 4
#define SIDE (TILE / EACH)

#ifdef HALF
#define STORED ushort
#define READ(x) widened(x)
#else
#define STORED float
#define READ(x) (x)
#endif

// c[z, i, j] (+)= Σ a[z, i, p]·b[z, p, j]. Element (i, p) of a is at `aAt + z·aBatch + i·aRow + p·aColumn`, and so on.
// Groups: (tiles across, tiles down, batch) of (SIDE, SIDE, 1) items.
kernel __attribute__((reqd_work_group_size(SIDE, SIDE, 1))) void multiply(
        const int m, const int n, const int k,
        global float* c, const int cAt, const int cBatch, const int cRow,
        global const float* a, const int aAt, const int aBatch, const int aRow, const int aColumn,
        global const STORED* b, const int bAt, const int bBatch, const int bRow, const int bColumn,
        const int add) {
    local float as[DEEP][TILE + 1];
    local float bs[DEEP][TILE + 1];
    const int z = get_group_id(2);
    const int i0 = (int)get_group_id(1) * TILE;
    const int j0 = (int)get_group_id(0) * TILE;
    const int across = get_local_id(0);
    const int down = get_local_id(1);
    const int item = down * SIDE + across;
    global const float* x = a + aAt + (size_t)z * aBatch;
    global const STORED* y = b + bAt + (size_t)z * bBatch;
    float sums[EACH][EACH];
    for (int i = 0; i < EACH; i++) {
        for (int j = 0; j < EACH; j++) {
            sums[i][j] = 0;
        }
    }
    for (int p0 = 0; p0 < k; p0 += DEEP) {
        // Neighbouring items read neighbours in memory, along whichever axis they are.
        for (int e = item; e < TILE * DEEP; e += SIDE * SIDE) {
            const int i = aColumn == 1 ? e / DEEP : e % TILE;
            const int p = aColumn == 1 ? e % DEEP : e / TILE;
            as[p][i] = i0 + i < m && p0 + p < k ? x[(size_t)(i0 + i) * aRow + (size_t)(p0 + p) * aColumn] : 0;
            const int j = bColumn == 1 ? e % TILE : e / DEEP;
            const int q = bColumn == 1 ? e / TILE : e % DEEP;
            bs[q][j] = j0 + j < n && p0 + q < k ? READ(y[(size_t)(p0 + q) * bRow + (size_t)(j0 + j) * bColumn]) : 0;
        }
        barrier(CLK_LOCAL_MEM_FENCE);
        for (int p = 0; p < DEEP; p++) {
            float left[EACH], right[EACH];
            for (int i = 0; i < EACH; i++) {
                left[i] = as[p][down + i * SIDE];
                right[i] = bs[p][across + i * SIDE];
            }
            for (int i = 0; i < EACH; i++) {
                for (int j = 0; j < EACH; j++) {
                    sums[i][j] = fma(left[i], right[j], sums[i][j]);
                }
            }
        }
        barrier(CLK_LOCAL_MEM_FENCE);
    }
    for (int i = 0; i < EACH; i++) {
        for (int j = 0; j < EACH; j++) {
            const int row = i0 + down + i * SIDE;
            const int column = j0 + across + j * SIDE;
            if (row < m && column < n) {
                global float* to = c + cAt + (size_t)z * cBatch + (size_t)row * cRow + column;
                *to = add ? *to + sums[i][j] : sums[i][j];
            }
        }
    }
}
