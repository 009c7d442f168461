// Multiply-adds and nothing else: twelve chains, so that none waits for itself.

kernel void peak(const int length, global float* out) {
    wide x[12];
    const wide a = 1.0001f + 1e-6f * (float)get_global_id(0);
    const wide b = 1e-7f;
#pragma unroll
    for (int i = 0; i < 12; i++) {
        x[i] = (float)i;
    }
    for (int n = 0; n < length; n++) {
#pragma unroll
        for (int i = 0; i < 12; i++) {
            x[i] = fma(x[i], a, b);
        }
    }
    wide sum = 0;
#pragma unroll
    for (int i = 0; i < 12; i++) {
        sum += x[i];
    }
    STORE(sum, out + get_global_id(0) * WIDTH);
}
