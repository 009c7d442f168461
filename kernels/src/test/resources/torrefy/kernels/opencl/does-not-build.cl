// A source with a mistake that the compiler must be heard about.
kernel void broken(global float* out) {
    out[0] = nobody_declared_this;
}
