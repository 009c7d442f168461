// Causal attention of heads of D numbers, where the device is a processor: one work-item takes LANES queries, or keys, one
// in each lane of two registers, and goes through the keys, or queries, by blocks of BLOCK. No (T, S) matrix is kept.
//
// All five products have one of two forms, both a tile of ROWS rows by LANES columns in registers, with what is
// multiplied by read where the projection left it: `products` makes rows of scores, `add_rows` adds up rows of results.
// It is the way of torrefy.kernels.vector.AttentionForward and AttentionBackward.
//
// A head's row t of an array begins at `at + b·batch + h·head + t·row`; int4 holds (at, batch, head, row). Of the H heads
// of queries, `group` at a time share one head g of keys and values.

#define LANES 32
#define ROWS 8
#define BLOCK 64
#define PADDED ((D + ROWS - 1) / ROWS * ROWS)

#define HEAD(array, strides) ((array) + strides.s0 + b * strides.s1 + h * strides.s2)
#define KEY_HEAD(array, strides) ((array) + strides.s0 + b * strides.s1 + g * strides.s2)

// columns[d][lane] = factor·x[lane][d], zeros behind `count` lanes
inline void turn(float columns[PADDED][LANES], global const float* x, const int row, const int count, const float factor) {
    for (int lane = 0; lane < LANES; lane++) {
        for (int d = 0; d < D; d++) {
            columns[d][lane] = lane < count ? factor * x[lane * row + d] : 0;
        }
    }
}

// x[lane][d] = columns[d][lane], for `count` lanes
inline void turn_back(global float* x, const int row, const int count, float columns[PADDED][LANES]) {
    for (int lane = 0; lane < count; lane++) {
        for (int d = 0; d < D; d++) {
            x[lane * row + d] = columns[d][lane];
        }
    }
}

inline void clear(float columns[PADDED][LANES]) {
    for (int d = 0; d < PADDED; d++) {
        vstore16((float16)0, 0, columns[d]);
        vstore16((float16)0, 1, columns[d]);
    }
}

// out[i][lane] = Σ_d x[i][d]·columns[d][lane] for `count` rows
inline void products(
        float out[BLOCK][LANES], global const float* x, const int row, const int count, float columns[PADDED][LANES]) {
    for (int i = 0; i < count; i += ROWS) {
        global const float* rows[ROWS];
        float16 left[ROWS], right[ROWS];
#pragma unroll
        for (int j = 0; j < ROWS; j++) {
            rows[j] = x + min(i + j, count - 1) * row;
            left[j] = 0;
            right[j] = 0;
        }
        for (int d = 0; d < D; d++) {
            const float16 l = vload16(0, columns[d]);
            const float16 r = vload16(1, columns[d]);
#pragma unroll
            for (int j = 0; j < ROWS; j++) {
                const float16 one = rows[j][d];
                left[j] = fma(one, l, left[j]);
                right[j] = fma(one, r, right[j]);
            }
        }
#pragma unroll
        for (int j = 0; j < ROWS; j++) {
            vstore16(left[j], 0, out[i + j]);
            vstore16(right[j], 1, out[i + j]);
        }
    }
}

// columns[d][lane] += Σ_i x[i][d]·weights[i][lane] over `count` rows
inline void add_rows(
        float columns[PADDED][LANES], global const float* x, const int row, const int count, float weights[BLOCK][LANES]) {
    for (int d = 0; d < D; d += ROWS) {
        float16 left[ROWS], right[ROWS];
        int at[ROWS];
#pragma unroll
        for (int j = 0; j < ROWS; j++) {
            left[j] = vload16(0, columns[d + j]);
            right[j] = vload16(1, columns[d + j]);
            at[j] = min(d + j, D - 1);
        }
        for (int i = 0; i < count; i++) {
            const float16 l = vload16(0, weights[i]);
            const float16 r = vload16(1, weights[i]);
            global const float* from = x + i * row;
#pragma unroll
            for (int j = 0; j < ROWS; j++) {
                const float16 one = from[at[j]];
                left[j] = fma(one, l, left[j]);
                right[j] = fma(one, r, right[j]);
            }
        }
#pragma unroll
        for (int j = 0; j < ROWS; j++) {
            vstore16(left[j], 0, columns[d + j]);
            vstore16(right[j], 1, columns[d + j]);
        }
    }
}

inline int16 lane_numbers(const int half_of_lanes) {
    return (int16)(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15) + 16 * half_of_lanes;
}

// Work-items: (strips of queries, heads).
kernel __attribute__((reqd_work_group_size(1, 1, 1))) void attention(
        const int H, const int group, const int T, const int S,
        global float* outs, const int4 outStrides,
        global float* logSumExp, const int logAt,
        global const float* qs, const int4 qStrides,
        global const float* ks, const int4 kStrides,
        global const float* vs, const int4 vStrides,
        const float scale) {
    const int t = get_group_id(0) * LANES;
    const int b = get_group_id(1) / H;
    const int h = get_group_id(1) % H;
    const int g = h / group;
    const int count = min(LANES, T - t);
    global const float* k = KEY_HEAD(ks, kStrides);
    global const float* v = KEY_HEAD(vs, vStrides);
    float q[PADDED][LANES], sums[PADDED][LANES], scores[BLOCK][LANES];
    turn(q, HEAD(qs, qStrides) + t * qStrides.s3, qStrides.s3, count, scale);
    clear(sums);
    float16 largest[2], total_of[2];
    for (int side = 0; side < 2; side++) {
        largest[side] = -INFINITY;
        total_of[side] = 0;
    }
    // Query `lane` sees the keys before `seen + lane`.
    const int seen = t + S - T + 1;
    const int end = seen + count - 1;
    for (int s = 0; s < end; s += BLOCK) {
        const int rows = min(BLOCK, end - s);
        products(scores, k + s * kStrides.s3, kStrides.s3, rows, q);
        for (int side = 0; side < 2; side++) {
            float16 most = largest[side];
            for (int i = 0; i < rows; i++) {
                float16 score = vload16(side, scores[i]);
                if (s + i >= seen) {
                    score = lane_numbers(side) + seen > s + i ? score : (float16)(-INFINITY);
                    vstore16(score, side, scores[i]);
                }
                most = score > most ? score : most;
            }
            const float16 factor = exponential(largest[side] - most);
            float16 sum = 0;
            for (int i = 0; i < rows; i++) {
                const float16 p = exponential(vload16(side, scores[i]) - most);
                vstore16(p, side, scores[i]);
                sum += p;
            }
            if (s > 0) {
                sum += total_of[side] * factor;
                for (int d = 0; d < D; d++) {
                    vstore16(vload16(side, sums[d]) * factor, side, sums[d]);
                }
            }
            total_of[side] = sum;
            largest[side] = most;
        }
        add_rows(sums, v + s * vStrides.s3, vStrides.s3, rows, scores);
    }
    float logarithms[LANES];
    for (int side = 0; side < 2; side++) {
        const float16 factor = 1 / total_of[side];
        for (int d = 0; d < D; d++) {
            vstore16(vload16(side, sums[d]) * factor, side, sums[d]);
        }
        vstore16(largest[side] + log(total_of[side]), side, logarithms);
    }
    turn_back(HEAD(outs, outStrides) + t * outStrides.s3, outStrides.s3, count, sums);
    for (int lane = 0; lane < count; lane++) {
        logSumExp[logAt + (b * H + h) * T + t + lane] = logarithms[lane];
    }
}

// delta[t] = Σ dOut ⊙ out. Work-items: (strips of queries, heads).
kernel __attribute__((reqd_work_group_size(1, 1, 1))) void attention_delta(
        const int H, const int T,
        global float* delta,
        global const float* dOuts, const int4 dOutStrides,
        global const float* outs, const int4 outStrides) {
    const int b = get_group_id(1) / H;
    const int h = get_group_id(1) % H;
    const int from = get_group_id(0) * LANES;
    for (int t = from; t < min(T, from + LANES); t++) {
        global const float* dOut = HEAD(dOuts, dOutStrides) + t * dOutStrides.s3;
        global const float* out = HEAD(outs, outStrides) + t * outStrides.s3;
        wide sums = 0;
        int d = 0;
        for (; d + WIDTH <= D; d += WIDTH) {
            sums += LOAD(dOut + d) * LOAD(out + d);
        }
        float sum = total(sums);
        for (; d < D; d++) {
            sum += dOut[d] * out[d];
        }
        delta[(b * H + h) * T + t] = sum;
    }
}

// dQ = scale·dS·K with P = exp(scale·q·k − logSumExp) and dS = P ⊙ (dP − delta). Work-items: (strips of queries, heads).
kernel __attribute__((reqd_work_group_size(1, 1, 1))) void attention_query_gradient(
        const int H, const int group, const int T, const int S,
        global float* dQs, const int4 dQStrides,
        global const float* dOuts, const int4 dOutStrides,
        global const float* logSumExp, const int logAt,
        global const float* delta,
        global const float* qs, const int4 qStrides,
        global const float* ks, const int4 kStrides,
        global const float* vs, const int4 vStrides,
        const float scale) {
    const int t = get_group_id(0) * LANES;
    const int b = get_group_id(1) / H;
    const int h = get_group_id(1) % H;
    const int g = h / group;
    const int count = min(LANES, T - t);
    global const float* k = KEY_HEAD(ks, kStrides);
    global const float* v = KEY_HEAD(vs, vStrides);
    float q[PADDED][LANES], dOut[PADDED][LANES], sums[PADDED][LANES], p[BLOCK][LANES], dS[BLOCK][LANES];
    turn(q, HEAD(qs, qStrides) + t * qStrides.s3, qStrides.s3, count, scale);
    turn(dOut, HEAD(dOuts, dOutStrides) + t * dOutStrides.s3, dOutStrides.s3, count, 1);
    clear(sums);
    float logarithms[LANES], shifts[LANES];
    for (int lane = 0; lane < LANES; lane++) {
        const int at = (b * H + h) * T + t + min(lane, count - 1);
        logarithms[lane] = logSumExp[logAt + at];
        shifts[lane] = delta[at];
    }
    const int seen = t + S - T + 1;
    const int end = seen + count - 1;
    for (int s = 0; s < end; s += BLOCK) {
        const int rows = min(BLOCK, end - s);
        products(p, k + s * kStrides.s3, kStrides.s3, rows, q);
        products(dS, v + s * vStrides.s3, vStrides.s3, rows, dOut);
        for (int side = 0; side < 2; side++) {
            const float16 logarithm = vload16(side, logarithms);
            const float16 shift = vload16(side, shifts);
            for (int i = 0; i < rows; i++) {
                float16 d = scale * exponential(vload16(side, p[i]) - logarithm) * (vload16(side, dS[i]) - shift);
                if (s + i >= seen) {
                    d = lane_numbers(side) + seen > s + i ? d : (float16)0;
                }
                vstore16(d, side, dS[i]);
            }
        }
        add_rows(sums, k + s * kStrides.s3, kStrides.s3, rows, dS);
    }
    turn_back(HEAD(dQs, dQStrides) + t * dQStrides.s3, dQStrides.s3, count, sums);
}

// dK = Σ scale·dSᵀ·Q and dV = Σ Pᵀ·dOut over the heads of a group. Here a lane is a key. Work-items: (strips of keys,
// heads of keys).
kernel __attribute__((reqd_work_group_size(1, 1, 1))) void attention_key_gradient(
        const int H, const int group, const int T, const int S,
        global float* dKs, const int4 dKStrides,
        global float* dVs, const int4 dVStrides,
        global const float* dOuts, const int4 dOutStrides,
        global const float* logSumExp, const int logAt,
        global const float* delta,
        global const float* qs, const int4 qStrides,
        global const float* ks, const int4 kStrides,
        global const float* vs, const int4 vStrides,
        const float scale) {
    const int s = get_group_id(0) * LANES;
    const int b = get_group_id(1) / (H / group);
    const int g = get_group_id(1) % (H / group);
    const int count = min(LANES, S - s);
    float k[PADDED][LANES], v[PADDED][LANES], dK[PADDED][LANES], dV[PADDED][LANES], p[BLOCK][LANES], dS[BLOCK][LANES];
    turn(k, KEY_HEAD(ks, kStrides) + s * kStrides.s3, kStrides.s3, count, scale);
    turn(v, KEY_HEAD(vs, vStrides) + s * vStrides.s3, vStrides.s3, count, 1);
    clear(dK);
    clear(dV);
    for (int h = g * group; h < (g + 1) * group; h++) {
        global const float* q = HEAD(qs, qStrides);
        global const float* dOut = HEAD(dOuts, dOutStrides);
        // The first query that sees key s.
        for (int t = max(0, s - (S - T)); t < T; t += BLOCK) {
            const int rows = min(BLOCK, T - t);
            products(p, q + t * qStrides.s3, qStrides.s3, rows, k);
            products(dS, dOut + t * dOutStrides.s3, dOutStrides.s3, rows, v);
            for (int i = 0; i < rows; i++) {
                const int at = (b * H + h) * T + t + i;
                const float logarithm = logSumExp[logAt + at];
                const float shift = delta[at];
                // This query sees the keys up to `last`.
                const int last = t + i + S - T;
                for (int side = 0; side < 2; side++) {
                    float16 probability = exponential(vload16(side, p[i]) - logarithm);
                    float16 d = scale * probability * (vload16(side, dS[i]) - shift);
                    if (last < s + LANES - 1) {
                        const int16 sees = lane_numbers(side) + s <= last;
                        probability = sees ? probability : (float16)0;
                        d = sees ? d : (float16)0;
                    }
                    vstore16(probability, side, p[i]);
                    vstore16(d, side, dS[i]);
                }
            }
            add_rows(dV, dOut + t * dOutStrides.s3, dOutStrides.s3, rows, p);
            add_rows(dK, q + t * qStrides.s3, qStrides.s3, rows, dS);
        }
    }
    turn_back(KEY_HEAD(dKs, dKStrides) + s * dKStrides.s3, dKStrides.s3, count, dK);
    turn_back(KEY_HEAD(dVs, dVStrides) + s * dVStrides.s3, dVStrides.s3, count, dV);
}
