package torrefy.model.layer;

import java.util.function.IntFunction;
import torrefy.tensor.Tensor;

/// Texts that are continued together, each as long as it is. Maps and norms know no positions and take all of them at
/// once; what depends on the positions before is computed text by text.
public final class SideBySide {

    private SideBySide() {}

    /// The results for all texts, `(B, …)`.
    ///
    /// @param one computes the result `(1, …)` for the text of that number
    public static Tensor join(int texts, IntFunction<Tensor> one) {
        if (texts == 1) {
            return one.apply(0);
        }
        Tensor[] parts = new Tensor[texts];
        for (int text = 0; text < texts; text++) {
            parts[text] = one.apply(text);
        }
        return Tensor.concat(0, parts);
    }

    /// The part `(1, …)` of `(B, …)` that belongs to one text.
    public static Tensor part(Tensor all, int text) {
        return all.size(0) == 1 ? all : all.slice(0, text, text + 1);
    }
}
