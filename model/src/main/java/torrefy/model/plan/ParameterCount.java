package torrefy.model.plan;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import torrefy.model.architecture.TransformerConfig;

/// The parameters of a model by part.
///
/// @param embedding the tables of tokens and positions
/// @param attention of all layers: queries, keys, values, and the way back
/// @param feedForward of all layers
/// @param norms of all layers, and the last
/// @param head the output layer, if it has a table of its own
public record ParameterCount(long embedding, long attention, long feedForward, long norms, long head) {

    /// Counts by formula: with V tokens, L layers of width C and a context of T, `V·C + T·C`, `L·(4C² + 4C)`,
    /// `L·(8C² + 5C)`, `(2L + 1)·2C`, and nothing for the output layer, which is the token table once more.
    public static ParameterCount of(TransformerConfig config) {
        long c = config.width();
        long layers = config.layers();
        return new ParameterCount(
                config.vocabulary() * c + config.context() * c,
                layers * (4 * c * c + 4 * c),
                layers * (8 * c * c + 5 * c),
                (2 * layers + 1) * 2 * c,
                0);
    }

    public long total() {
        return embedding + attention + feedForward + norms + head;
    }

    /// Parts by name, in the order of the model.
    public Map<String, Long> parts() {
        Map<String, Long> parts = new LinkedHashMap<>();
        parts.put("embedding", embedding);
        parts.put("attention", attention);
        parts.put("feed-forward", feedForward);
        parts.put("norms", norms);
        parts.put("head", head);
        return parts;
    }

    /// Part by part, in a line for people.
    public String description() {
        StringBuilder line = new StringBuilder();
        parts().forEach((name, count) -> line.append(line.isEmpty() ? "" : ", ")
                .append(name)
                .append(' ')
                .append(count == 0 ? "shared with the embedding" : String.format(Locale.ROOT, "%,d", count)));
        return line.toString();
    }
}
