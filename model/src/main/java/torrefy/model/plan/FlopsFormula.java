package torrefy.model.plan;

import java.util.Locale;
import torrefy.model.architecture.TransformerConfig;

/// [TransformerConfig#flopsPerToken] written out.
public final class FlopsFormula {

    private FlopsFormula() {}

    /// The formula with its numbers: what the head, the layers' matrices and attention between positions take.
    public static String of(TransformerConfig config) {
        double head = 6.0 * config.vocabulary() * config.width();
        double attention = 6.0 * config.layers() * config.attention().queryChannels() * config.context();
        return String.format(
                Locale.ROOT,
                "6·V·C %.3g for the head (embeddings are looked up) + 6·matrices %.3g for the layers + 6·L·H·D·T %.3g"
                        + " for attention, half of it masked",
                head,
                config.flopsPerToken() - head - attention,
                attention);
    }
}
