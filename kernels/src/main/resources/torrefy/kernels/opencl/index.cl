// Reading and adding at computed places.

#ifndef TABLE
#define TABLE float
#define READ(x) (x)
#endif

// out[i, c] = table[indices[i], c]
kernel void gather_rows(
        const int columns,
        global float* out, const int outAt, const int outRow,
        global const TABLE* table, const int tableAt, const int tableRow,
        global const int* indices, const int indicesAt) {
    const int c = get_global_id(0);
    const int i = get_global_id(1);
    if (c < columns) {
        out[outAt + i * outRow + c] = READ(table[tableAt + indices[indicesAt + i] * tableRow + c]);
    }
}

// out[indices[i], c] += in[i, c], for i ascending: a work-item owns a column, so that nothing is added at once.
kernel void scatter_add_rows(
        const int columns, const int count,
        global float* out, const int outAt, const int outRow,
        global const int* indices, const int indicesAt,
        global const float* in, const int inAt, const int inRow) {
    const int c = get_global_id(0);
    if (c >= columns) {
        return;
    }
    for (int i = 0; i < count; i++) {
        out[outAt + indices[indicesAt + i] * outRow + c] += in[inAt + i * inRow + c];
    }
}

// out[o, i, n] = in[o, indices[o, i, n], n]
kernel void gather(
        const int count, const int I, const int J, const int N,
        global float* out, const int outAt,
        global const float* in, const int inAt,
        global const int* indices, const int indicesAt) {
    const int at = get_global_id(0);
    if (at >= count) {
        return;
    }
    const int o = at / (I * N);
    out[outAt + at] = in[inAt + (o * J + indices[indicesAt + at]) * N + at % N];
}

// out[o, indices[o, i, n], n] += in[o, i, n], for i ascending
kernel void scatter_add(
        const int outer, const int I, const int J, const int N,
        global float* out, const int outAt,
        global const int* indices, const int indicesAt,
        global const float* in, const int inAt) {
    const int at = get_global_id(0);
    if (at >= outer * N) {
        return;
    }
    const int o = at / N;
    const int n = at % N;
    for (int i = 0; i < I; i++) {
        const int from = (o * I + i) * N + n;
        out[outAt + (o * J + indices[indicesAt + from]) * N + n] += in[inAt + from];
    }
}

// first = the least i whose index is out of range; the caller sets it to `count` before.
kernel void first_out_of_range(
        const int count, const int limit, const int ignore,
        global int* first, global const int* indices, const int indicesAt) {
    const int i = get_global_id(0);
    if (i >= count) {
        return;
    }
    const int index = indices[indicesAt + i];
    if ((index < 0 || index >= limit) && index != ignore) {
        atomic_min(first, i);
    }
}
