// Layer norm and RMS norm of rows: a group for each. CENTRED: layer norm, else RMS norm.

// out = (in − μ)·r·weight + bias
kernel void norm(
        const int width,
        global float* outs, const int outAt,
        global float* mean, const int meanAt,
        global float* rstd, const int rstdAt,
        global const float* ins, const int inAt,
        global const float* weights, const int weightAt,
        global const float* biases, const int biasAt,
        const float epsilon) {
    local float shared[GROUP];
    const int n = get_group_id(0);
    global float* out = outs + outAt + (size_t)n * width;
    global const float* in = ins + inAt + (size_t)n * width;
    global const float* weight = weights + weightAt;
    float mu = 0;
#ifdef CENTRED
    global const float* bias = biases + biasAt;
    wide sums = 0;
    EACH_WIDE(i, width) {
        sums += LOAD(in + i);
    }
    float sum = total(sums);
    EACH_REST(i, width) {
        sum += in[i];
    }
    mu = group_sum(sum, shared) / width;
#endif
    // Distances from the rounded mean correct it: Chan, Golub, LeVeque, 1983, equation 1.7.
    wide distances = 0;
    wide squares = 0;
    EACH_WIDE(i, width) {
        const wide d = LOAD(in + i) - mu;
        distances += d;
        squares += d * d;
    }
    float distance = total(distances);
    float square = total(squares);
    EACH_REST(i, width) {
        const float d = in[i] - mu;
        distance += d;
        square += d * d;
    }
    square = group_sum(square, shared);
#ifdef CENTRED
    distance = group_sum(distance, shared);
    square = fmax(0.0f, square - distance * (distance / width));
    mu += distance / width;
#endif
    const float r = 1 / sqrt(square / width + epsilon);
    if (get_local_id(0) == 0) {
#ifdef CENTRED
        mean[meanAt + n] = mu;
#endif
        rstd[rstdAt + n] = r;
    }
    EACH_WIDE(i, width) {
#ifdef CENTRED
        STORE((LOAD(in + i) - mu) * r * LOAD(weight + i) + LOAD(bias + i), out + i);
#else
        STORE(LOAD(in + i) * r * LOAD(weight + i), out + i);
#endif
    }
    EACH_REST(i, width) {
#ifdef CENTRED
        out[i] = (in[i] - mu) * r * weight[i] + bias[i];
#else
        out[i] = in[i] * r * weight[i];
#endif
    }
}

// With x = (in − μ)·r and g = dOut ⊙ weight: dIn (+)= r·(g − mean(g) − x·mean(g ⊙ x))
kernel void norm_gradient(
        const int width,
        global float* dIns, const int dInAt,
        global const float* dOuts, const int dOutAt,
        global const float* ins, const int inAt,
        global const float* mean, const int meanAt,
        global const float* rstd, const int rstdAt,
        global const float* weights, const int weightAt,
        const int add) {
    local float shared[GROUP];
    const int n = get_group_id(0);
    global float* dIn = dIns + dInAt + (size_t)n * width;
    global const float* dOut = dOuts + dOutAt + (size_t)n * width;
    global const float* in = ins + inAt + (size_t)n * width;
    global const float* weight = weights + weightAt;
    const float r = rstd[rstdAt + n];
#ifdef CENTRED
    const float mu = mean[meanAt + n];
#else
    const float mu = 0;
#endif
    wide sums = 0;
    wide dots = 0;
    EACH_WIDE(i, width) {
        const wide g = LOAD(dOut + i) * LOAD(weight + i);
        sums += g;
        dots += g * (LOAD(in + i) - mu) * r;
    }
    float sum = total(sums);
    float dot = total(dots);
    EACH_REST(i, width) {
        const float g = dOut[i] * weight[i];
        sum += g;
        dot += g * (in[i] - mu) * r;
    }
#ifdef CENTRED
    sum = group_sum(sum, shared) / width;
#else
    sum = 0;
#endif
    dot = group_sum(dot, shared) / width;
    EACH_WIDE(i, width) {
        const wide x = (LOAD(in + i) - mu) * r;
        const wide d = r * (LOAD(dOut + i) * LOAD(weight + i) - sum - x * dot);
        STORE(add ? LOAD(dIn + i) + d : d, dIn + i);
    }
    EACH_REST(i, width) {
        const float x = (in[i] - mu) * r;
        const float d = r * (dOut[i] * weight[i] - sum - x * dot);
        dIn[i] = add ? dIn[i] + d : d;
    }
}

// partial[part, 0, c] = Σ dOut ⊙ x and partial[part, 1, c] = Σ dOut over the part's rows: a work-item for each column
// and part.
kernel void norm_weight_gradient(
        const int rows, const int width, const int inPart,
        global float* partial,
        global const float* dOut, const int dOutAt,
        global const float* in, const int inAt,
        global const float* mean, const int meanAt,
        global const float* rstd, const int rstdAt) {
    const int c = get_global_id(0);
    const int part = get_global_id(1);
    if (c >= width) {
        return;
    }
    float weight = 0;
    float bias = 0;
    const int end = min(rows, (part + 1) * inPart);
    for (int n = part * inPart; n < end; n++) {
        const float d = dOut[dOutAt + n * width + c];
#ifdef CENTRED
        const float x = (in[inAt + n * width + c] - mean[meanAt + n]) * rstd[rstdAt + n];
#else
        const float x = in[inAt + n * width + c] * rstd[rstdAt + n];
#endif
        weight += d * x;
        bias += d;
    }
    partial[(2 * part) * width + c] = weight;
    partial[(2 * part + 1) * width + c] = bias;
}

// out[c] += Σ over parts of partial[part, which, c]
kernel void add_parts(
        const int parts, const int width, const int which,
        global float* out, const int outAt, global const float* partial) {
    const int c = get_global_id(0);
    if (c >= width) {
        return;
    }
    float sum = 0;
    for (int part = 0; part < parts; part++) {
        sum += partial[(2 * part + which) * width + c];
    }
    out[outAt + c] += sum;
}
