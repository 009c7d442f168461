package torrefy.model.plan;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import torrefy.model.architecture.TransformerConfig;
import torrefy.model.layer.ParameterCount;
import torrefy.model.layer.Positions;

/// The parameters of a model by part: single numbers.
///
/// @param embedding the table of tokens, and that of positions if there is one
/// @param attention of all layers: queries, keys, values, and the way back
/// @param feedForward of all layers
/// @param norms before each part of each layer, and the last
/// @param head the output layer, if it has a table of its own
public record ParameterParts(long embedding, long attention, long feedForward, long norms, long head) {

    public static ParameterParts of(TransformerConfig config) {
        int c = config.width();
        int layers = config.layers();
        long table = ParameterCount.matrix(config.vocabulary(), c).total();
        boolean learned = config.positions() instanceof Positions.Learned;
        boolean rotary = config.positions() instanceof Positions.Rotary;
        return new ParameterParts(
                table + (learned ? ParameterCount.matrix(config.context(), c).total() : 0),
                layers * config.attention().count(c, rotary).total(),
                layers * config.feedForward().count(c).total(),
                (2L * layers + 1) * config.norm().count(c).total(),
                config.tiedHead() ? 0 : table);
    }

    public long total() {
        return embedding + attention + feedForward + norms + head;
    }

    /// Parts by name, in the order of the model.
    public Map<String, Long> byName() {
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
        byName().forEach((name, count) -> line.append(line.isEmpty() ? "" : ", ")
                .append(name)
                .append(' ')
                .append(count == 0 ? "shared with the embedding" : String.format(Locale.ROOT, "%,d", count)));
        return line.toString();
    }
}
