package torrefy.model.checkpoint;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import torrefy.core.backend.RotaryKernels.Pairing;
import torrefy.model.architecture.Transformer;
import torrefy.model.architecture.TransformerConfig;
import torrefy.model.layer.Positions;
import torrefy.tensor.Parameter;

/// Where the parameters of a [Transformer] are in Hugging Face's files. The names are the same. GPT-2's matrices are
/// `(in, out)` there as here; Llama's are `(out, in)`, and its rotations turn channel i of a head with channel i + D/2.
final class HuggingFaceNames {

    private static final String OUTPUT_LAYER = "lm_head.weight";

    private static final Pattern IN_LAYER = Pattern.compile("^(transformer\\.|model\\.)?(h|layers)\\.\\d+\\.");

    /// Masks and speeds of rotations, which are computed anew.
    private static final Pattern NO_PARAMETER =
            Pattern.compile("\\.attn\\.(bias|masked_bias)$|\\.rotary_emb\\.inv_freq$");

    private HuggingFaceNames() {}

    static List<Counterpart> of(Transformer model) {
        return model.parameters().all().stream()
                .map(parameter -> of(parameter, model.config()))
                .toList();
    }

    private static Counterpart of(Parameter parameter, TransformerConfig config) {
        Counterpart same = Counterpart.of(parameter);
        if (!(config.positions() instanceof Positions.Rotary rotary)) {
            return same;
        }
        Counterpart there = parameter.name().endsWith("_proj.weight") ? same.transposed() : same;
        boolean turned = isTurned(parameter.name()) && rotary.pairing() == Pairing.NEIGHBOURS;
        return turned ? there.regrouped(config.headSize(), config.headSize() / 2) : there;
    }

    /// Whether a parameter makes channels that are then turned by their position.
    static boolean isTurned(String name) {
        return name.matches(".*\\.self_attn\\.[qk]_(proj|norm)\\..*");
    }

    /// The name under which `files` have a parameter: some put the name of the model's body before every name, or leave
    /// it out.
    static String in(WeightFiles files, String name) {
        if (files.has(name)) {
            return name;
        }
        String withBody = "transformer." + name;
        String withoutBody = name.replaceFirst("^model\\.", "");
        return files.has(withBody) ? withBody : files.has(withoutBody) ? withoutBody : name;
    }

    /// Checks that there are as many layers as the configuration says, before anything is made for each.
    static void requireLayers(WeightFiles files, TransformerConfig config) throws MalformedFileException {
        int last = config.layers() - 1;
        String name =
                isLlama(config) ? "model.layers." + last + ".input_layernorm.weight" : "h." + last + ".ln_1.weight";
        files.reader(in(files, name));
        if (config.layers() > files.count()) {
            throw new MalformedFileException(
                    files.place(),
                    "has " + files.count() + " tensors, too few for a model of " + config.layers() + " layers");
        }
    }

    /// Files may hold what is no parameter of a layer, such as its mask. A parameter that the model has no place for
    /// (another layer, a bias) would be passed over, and the model compute something else than its author's.
    static void requireNoMore(WeightFiles files, Transformer model) throws MalformedFileException {
        Set<String> wanted = model.parameters().all().stream()
                .map(parameter -> in(files, parameter.name()))
                .collect(Collectors.toSet());
        for (String name : files.names()) {
            if (IN_LAYER.matcher(name).find() && !NO_PARAMETER.matcher(name).find() && !wanted.contains(name)) {
                throw new MalformedFileException(
                        files.reader(name).file(), name, "has no place in the model that config.json describes");
            }
        }
    }

    /// Files may hold the output layer although it is the token table, once more: then it must be equal.
    static void requireOneTable(WeightFiles files, TransformerConfig config) throws MalformedFileException {
        if (!config.tiedHead() || !files.has(OUTPUT_LAYER)) {
            return;
        }
        String table = in(files, isLlama(config) ? "model.embed_tokens.weight" : "wte.weight");
        SafetensorsReader reader = files.reader(OUTPUT_LAYER);
        if (!reader.hasSame(OUTPUT_LAYER, files.reader(table), table)) {
            throw new MalformedFileException(
                    reader.file(),
                    OUTPUT_LAYER,
                    "is not equal to '" + table + "', although the configuration says that the two are one"
                            + " (tie_word_embeddings)");
        }
    }

    private static boolean isLlama(TransformerConfig config) {
        return config.positions() instanceof Positions.Rotary;
    }
}
