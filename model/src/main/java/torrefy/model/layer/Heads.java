package torrefy.model.layer;

import torrefy.tensor.Tensor;

/// The two ways to look at channels: all of a position side by side, or head by head.
final class Heads {

    private Heads() {}

    /// `(B, T, H·D)` to `(B, H, T, D)`: a view.
    static Tensor split(Tensor x, int heads) {
        return x.reshape(x.size(0), x.size(1), heads, x.size(2) / heads).transpose(1, 2);
    }

    /// `(B, H, T, D)` to `(B, T, H·D)`.
    static Tensor join(Tensor x) {
        return x.transpose(1, 2).reshape(x.size(0), x.size(2), x.size(1) * x.size(3));
    }
}
