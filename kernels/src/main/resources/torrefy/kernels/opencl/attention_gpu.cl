// Causal attention of heads of D numbers, where the device is a GPU: a work-item for each query, or for each key. No
// (T, S) matrix is kept: forward carries the maximum and the sum of what a query has seen, backward computes a
// probability again from its score and logSumExp. Nothing is added at once by two work-items: what a query receives one
// item adds up, and what a key receives another.
//
// A head's row t of an array begins at `at + b·batch + h·head + t·row`; int4 holds (at, batch, head, row). Of the H heads
// of queries, `group` at a time share one head g of keys and values.

#define ROW(strides, t) (strides.s0 + b * strides.s1 + h * strides.s2 + (t) * strides.s3)
#define KEY_ROW(strides, s) (strides.s0 + b * strides.s1 + g * strides.s2 + (s) * strides.s3)

// Milakov and Gimelshein, "Online normalizer calculation for softmax", arXiv 1805.02867. Work-items: (T, heads).
kernel void attention(
        const int H, const int group, const int T, const int S,
        global float* outs, const int4 outStrides,
        global float* logSumExp, const int logAt,
        global const float* qs, const int4 qStrides,
        global const float* ks, const int4 kStrides,
        global const float* vs, const int4 vStrides,
        const float scale) {
    const int t = get_global_id(0);
    const int b = get_global_id(1) / H;
    const int h = get_global_id(1) % H;
    const int g = h / group;
    if (t >= T) {
        return;
    }
    float q[D], sum[D];
    global const float* from = qs + ROW(qStrides, t);
    for (int d = 0; d < D; d++) {
        q[d] = from[d] * scale;
        sum[d] = 0;
    }
    float m = -INFINITY;
    float l = 0;
    for (int s = 0; s <= t + S - T; s++) {
        global const float* k = ks + KEY_ROW(kStrides, s);
        global const float* v = vs + KEY_ROW(vStrides, s);
        float score = 0;
        for (int d = 0; d < D; d++) {
            score += q[d] * k[d];
        }
        if (score > m) {
            const float factor = exp(m - score);
            l *= factor;
            for (int d = 0; d < D; d++) {
                sum[d] *= factor;
            }
            m = score;
        }
        const float p = exp(score - m);
        l += p;
        for (int d = 0; d < D; d++) {
            sum[d] += p * v[d];
        }
    }
    global float* out = outs + ROW(outStrides, t);
    for (int d = 0; d < D; d++) {
        out[d] = sum[d] / l;
    }
    logSumExp[logAt + (b * H + h) * T + t] = m + log(l);
}

// delta[t] = Σ dOut ⊙ out. Work-items: (T, heads).
kernel void attention_delta(
        const int H, const int T,
        global float* delta,
        global const float* dOuts, const int4 dOutStrides,
        global const float* outs, const int4 outStrides) {
    const int t = get_global_id(0);
    const int b = get_global_id(1) / H;
    const int h = get_global_id(1) % H;
    if (t >= T) {
        return;
    }
    global const float* dOut = dOuts + ROW(dOutStrides, t);
    global const float* out = outs + ROW(outStrides, t);
    float sum = 0;
    for (int d = 0; d < D; d++) {
        sum += dOut[d] * out[d];
    }
    delta[(b * H + h) * T + t] = sum;
}

// dQ = scale·dS·K with dS = P ⊙ (dP − delta). Work-items: (T, heads).
kernel void attention_query_gradient(
        const int H, const int group, const int T, const int S,
        global float* dQs, const int4 dQStrides,
        global const float* dOuts, const int4 dOutStrides,
        global const float* logSumExp, const int logAt,
        global const float* delta,
        global const float* qs, const int4 qStrides,
        global const float* ks, const int4 kStrides,
        global const float* vs, const int4 vStrides,
        const float scale) {
    const int t = get_global_id(0);
    const int b = get_global_id(1) / H;
    const int h = get_global_id(1) % H;
    const int g = h / group;
    if (t >= T) {
        return;
    }
    float q[D], dOut[D], sum[D];
    for (int d = 0; d < D; d++) {
        q[d] = qs[ROW(qStrides, t) + d];
        dOut[d] = dOuts[ROW(dOutStrides, t) + d];
        sum[d] = 0;
    }
    const float log_sum = logSumExp[logAt + (b * H + h) * T + t];
    const float shift = delta[(b * H + h) * T + t];
    for (int s = 0; s <= t + S - T; s++) {
        global const float* k = ks + KEY_ROW(kStrides, s);
        global const float* v = vs + KEY_ROW(vStrides, s);
        float score = 0;
        float dP = 0;
        for (int d = 0; d < D; d++) {
            score += q[d] * k[d];
            dP += dOut[d] * v[d];
        }
        const float dS = scale * exp(scale * score - log_sum) * (dP - shift);
        for (int d = 0; d < D; d++) {
            sum[d] += dS * k[d];
        }
    }
    for (int d = 0; d < D; d++) {
        dQs[ROW(dQStrides, t) + d] = sum[d];
    }
}

// dK = Σ scale·dSᵀ·Q and dV = Σ Pᵀ·dOut over the heads of a group. Work-items: (S, heads of keys).
kernel void attention_key_gradient(
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
    const int s = get_global_id(0);
    const int b = get_global_id(1) / (H / group);
    const int g = get_global_id(1) % (H / group);
    if (s >= S) {
        return;
    }
    float k[D], v[D], dK[D], dV[D];
    for (int d = 0; d < D; d++) {
        k[d] = ks[KEY_ROW(kStrides, s) + d];
        v[d] = vs[KEY_ROW(vStrides, s) + d];
        dK[d] = 0;
        dV[d] = 0;
    }
    for (int h = g * group; h < (g + 1) * group; h++) {
        for (int t = max(0, s - (S - T)); t < T; t++) {
            global const float* q = qs + ROW(qStrides, t);
            global const float* dOut = dOuts + ROW(dOutStrides, t);
            float score = 0;
            float dP = 0;
            for (int d = 0; d < D; d++) {
                score += q[d] * k[d];
                dP += dOut[d] * v[d];
            }
            const float p = exp(scale * score - logSumExp[logAt + (b * H + h) * T + t]);
            const float dS = scale * p * (dP - delta[(b * H + h) * T + t]);
            for (int d = 0; d < D; d++) {
                dK[d] += dS * q[d];
                dV[d] += p * dOut[d];
            }
        }
    }
    for (int d = 0; d < D; d++) {
        dKs[KEY_ROW(dKStrides, s) + d] = dK[d];
        dVs[KEY_ROW(dVStrides, s) + d] = dV[d];
    }
}
