// Turns pairs of elements by the angle of their position. A work-item for each pair; the axes before T and D follow
// from sizes and strides.

kernel void rotate_pairs(
        const int pairs, const int T, const int planes,
        global float* out, const int outAt, const int8 outStrides, const int outT,
        global const float* in, const int inAt, const int8 inStrides, const int inT,
        const int rank, const int8 sizes,
        global const float* cosines, const int cosAt,
        global const float* sines, const int sinAt,
        const int neighbours, const int inverse) {
    const int i = get_global_id(0);
    if (i >= pairs) {
        return;
    }
    const int d = i % planes;
    const int t = i / planes % T;
    const int head = i / planes / T;
    const int first = neighbours ? 2 * d : d;
    const int second = neighbours ? 2 * d + 1 : d + planes;
    const int from = inAt + place(head, rank, sizes, inStrides) + t * inT;
    const int to = outAt + place(head, rank, sizes, outStrides) + t * outT;
    const float c = cosines[cosAt + t * planes + d];
    const float s = inverse ? -sines[sinAt + t * planes + d] : sines[sinAt + t * planes + d];
    const float x = in[from + first];
    const float y = in[from + second];
    out[to + first] = x * c - y * s;
    out[to + second] = x * s + y * c;
}
