package torrefy.model.plan;

import java.util.Locale;
import torrefy.model.architecture.TransformerConfig;

/// [TransformerConfig#flopsPerToken] written out.
public final class FlopsFormula {

    private FlopsFormula() {}

    /// The formula and the numbers in it: what the head, the layers and attention between positions take.
    public static String of(TransformerConfig config) {
        double c = config.width();
        double attention = 6.0 * config.layers() * c * config.context();
        return String.format(
                Locale.ROOT,
                "6·V·C %.4g (head; looking up embeddings takes none) + 6·12·L·C² %.4g (layers) + 6·L·C·T %.4g"
                        + " (attention, half of it masked)",
                6 * config.vocabulary() * c,
                72 * config.layers() * c * c,
                attention);
    }
}
