// Softmax of rows: a group for each.

// The largest element of a row, for all items of its group.
inline float row_max(global const float* in, const int width, local float* shared) {
    wide most = -INFINITY;
    EACH_WIDE(i, width) {
        most = fmax(most, LOAD(in + i));
    }
    float m = largest_of(most);
    EACH_REST(i, width) {
        m = fmax(m, in[i]);
    }
    return group_max(m, shared);
}

// Σ exp(in − m) of a row, for all items of its group.
inline float row_sum_of_exponentials(global const float* in, const int width, const float m, local float* shared) {
    wide sums = 0;
    EACH_WIDE(i, width) {
        sums += exponential(LOAD(in + i) - m);
    }
    float sum = total(sums);
    EACH_REST(i, width) {
        sum += exp(in[i] - m);
    }
    return group_sum(sum, shared);
}

// out = exp(in − m)/Σ exp(in − m)
kernel void softmax(const int width, global float* outs, const int outAt, global const float* ins, const int inAt) {
    local float shared[GROUP];
    const size_t row = (size_t)get_group_id(0) * width;
    global float* out = outs + outAt + row;
    global const float* in = ins + inAt + row;
    const float m = row_max(in, width, shared);
    wide sums = 0;
    EACH_WIDE(i, width) {
        const wide e = exponential(LOAD(in + i) - m);
        STORE(e, out + i);
        sums += e;
    }
    float sum = total(sums);
    EACH_REST(i, width) {
        const float e = exp(in[i] - m);
        out[i] = e;
        sum += e;
    }
    sum = group_sum(sum, shared);
    const float factor = 1 / sum;
    EACH_WIDE(i, width) {
        STORE(LOAD(out + i) * factor, out + i);
    }
    EACH_REST(i, width) {
        out[i] *= factor;
    }
}

// dIn (+)= out ⊙ (dOut − Σ dOut ⊙ out)
kernel void softmax_gradient(
        const int width,
        global float* dIns, const int dInAt,
        global const float* outs, const int outAt,
        global const float* dOuts, const int dOutAt,
        const int add) {
    local float shared[GROUP];
    const size_t row = (size_t)get_group_id(0) * width;
    global float* dIn = dIns + dInAt + row;
    global const float* out = outs + outAt + row;
    global const float* dOut = dOuts + dOutAt + row;
    wide sums = 0;
    EACH_WIDE(i, width) {
        sums += LOAD(out + i) * LOAD(dOut + i);
    }
    float dot = total(sums);
    EACH_REST(i, width) {
        dot += out[i] * dOut[i];
    }
    dot = group_sum(dot, shared);
    EACH_WIDE(i, width) {
        const wide d = LOAD(out + i) * (LOAD(dOut + i) - dot);
        STORE(add ? LOAD(dIn + i) + d : d, dIn + i);
    }
    EACH_REST(i, width) {
        const float d = out[i] * (dOut[i] - dot);
        dIn[i] = add ? dIn[i] + d : d;
    }
}

// out = in − m − ln Σ exp(in − m)
kernel void log_softmax(const int width, global float* outs, const int outAt, global const float* ins, const int inAt) {
    local float shared[GROUP];
    const size_t row = (size_t)get_group_id(0) * width;
    global float* out = outs + outAt + row;
    global const float* in = ins + inAt + row;
    const float m = row_max(in, width, shared);
    const float logarithm = log(row_sum_of_exponentials(in, width, m, shared));
    EACH_WIDE(i, width) {
        STORE(LOAD(in + i) - m - logarithm, out + i);
    }
    EACH_REST(i, width) {
        out[i] = in[i] - m - logarithm;
    }
}

// dIn (+)= dOut − exp(out)·Σ dOut
kernel void log_softmax_gradient(
        const int width,
        global float* dIns, const int dInAt,
        global const float* outs, const int outAt,
        global const float* dOuts, const int dOutAt,
        const int add) {
    local float shared[GROUP];
    const size_t row = (size_t)get_group_id(0) * width;
    global float* dIn = dIns + dInAt + row;
    global const float* out = outs + outAt + row;
    global const float* dOut = dOuts + dOutAt + row;
    wide sums = 0;
    EACH_WIDE(i, width) {
        sums += LOAD(dOut + i);
    }
    float sum = total(sums);
    EACH_REST(i, width) {
        sum += dOut[i];
    }
    sum = group_sum(sum, shared);
    EACH_WIDE(i, width) {
        const wide d = LOAD(dOut + i) - exponential(LOAD(out + i)) * sum;
        STORE(add ? LOAD(dIn + i) + d : d, dIn + i);
    }
    EACH_REST(i, width) {
        const float d = dOut[i] - exp(out[i]) * sum;
        dIn[i] = add ? dIn[i] + d : d;
    }
}

// loss = logSumExp − logits[target], 0 where the target is `ignore`
kernel void cross_entropy(
        const int width,
        global float* loss, const int lossAt,
        global float* logSumExp, const int logSumExpAt,
        global const float* logits, const int logitsAt,
        global const int* targets, const int targetsAt,
        const int ignore) {
    local float shared[GROUP];
    const int n = get_group_id(0);
    global const float* in = logits + logitsAt + (size_t)n * width;
    const float m = row_max(in, width, shared);
    const float sum = row_sum_of_exponentials(in, width, m, shared);
    if (get_local_id(0) == 0) {
        const float logarithm = m + log(sum);
        const int target = targets[targetsAt + n];
        logSumExp[logSumExpAt + n] = logarithm;
        loss[lossAt + n] = target == ignore ? 0 : logarithm - in[target];
    }
}

// dLogits (+)= dLoss·(exp(logits − logSumExp) − [v = target])
kernel void cross_entropy_gradient(
        const int width,
        global float* dLogits, const int dLogitsAt,
        global const float* dLoss, const int dLossAt,
        global const float* logits, const int logitsAt,
        global const float* logSumExp, const int logSumExpAt,
        global const int* targets, const int targetsAt,
        const int ignore, const int add) {
    const int n = get_group_id(0);
    global const float* in = logits + logitsAt + (size_t)n * width;
    global float* out = dLogits + dLogitsAt + (size_t)n * width;
    const int target = targets[targetsAt + n];
    const float shift = logSumExp[logSumExpAt + n];
    const float factor = target == ignore ? 0 : dLoss[dLossAt + n];
    EACH_WIDE(i, width) {
        const wide d = target == ignore ? (wide)0 : factor * exponential(LOAD(in + i) - shift);
        STORE(add ? LOAD(out + i) + d : d, out + i);
    }
    EACH_REST(i, width) {
        const float d = target == ignore ? 0 : factor * exp(in[i] - shift);
        out[i] = add ? out[i] + d : d;
    }
#if GROUP > 1
    barrier(CLK_GLOBAL_MEM_FENCE);
#endif
    if (get_local_id(0) == 0 && target != ignore) {
        out[target] -= factor;
    }
}
