// Kernels with one error each: what a check of kernels has to report. Run with 64 work-items.

// `out` has fewer elements than there are work-items.
kernel void writes_past_its_memory(global float* out) {
    out[get_global_id(0)] = 1;
}

// The same place, and something else from each work-item.
kernel void writes_one_place_at_once(global float* out) {
    out[0] = get_global_id(0);
}

// No barrier between a work-item's writing and another's reading.
kernel void reads_what_another_writes(global float* out) {
    local float shared[64];
    const int l = get_local_id(0);
    shared[l] = l;
    if (l == 0) {
        out[0] = shared[63];
    }
}
