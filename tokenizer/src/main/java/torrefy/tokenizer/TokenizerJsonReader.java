package torrefy.tokenizer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a `tokenizer.json` says, checked member by member. Throws [IllegalArgumentException] with the place in the
/// document and what is wrong there.
final class TokenizerJsonReader {

    private final JsonValue document;
    private final Map<String, Integer> special = new LinkedHashMap<>();
    private final Set<String> words = new HashSet<>();
    private final Map<String, Integer> ids = new HashMap<>();
    private byte[][] tokens;

    TokenizerJsonReader(JsonValue document) {
        this.document = document;
    }

    Tokenizer tokenizer() {
        document.object();
        requireNothing(document, "truncation", "padding");
        boolean composes = composes(document.get("normalizer"));
        int[] beginning = beginning(document.get("post_processor"));
        requireByteLevelOrNothing(document.get("decoder"), "ByteLevel is");
        JsonValue model = document.get("model");
        requireModel(model);
        SplitPattern pattern = splitPattern(document.get("pre_tokenizer"));
        readSpecialTokens();
        readVocabulary(model.get("vocab"));
        return new Tokenizer(
                        new Vocabulary(Arrays.asList(tokens)),
                        merges(model.get("merges")),
                        pattern,
                        new SpecialTokens(special, words),
                        model.get("ignore_merges").truth(false))
                .withBeginning(beginning)
                .withComposing(composes);
    }

    /// Of what can be done to a text before it is cut, Unicode's normal form C is done.
    private static boolean composes(JsonValue normalizer) {
        if (normalizer.isNull()) {
            return false;
        }
        String type = normalizer.get("type").string();
        if (!type.equals("NFC")) {
            throw notSupported(normalizer, type, "NFC is");
        }
        return true;
    }

    private static void requireNothing(JsonValue object, String... names) {
        for (String name : names) {
            if (!object.get(name).isNothing()) {
                throw new IllegalArgumentException(object.get(name).where() + " is asked for, which is not supported");
            }
        }
    }

    private static void requireModel(JsonValue model) {
        JsonValue type = model.get("type");
        if (!type.isNull() && !type.string().equals("BPE")) {
            throw new IllegalArgumentException(
                    "model.type " + type.string() + " is asked for, which is not supported; only BPE is");
        }
        requireNothing(model, "dropout", "continuing_subword_prefix", "end_of_word_suffix", "byte_fallback");
        Set<String> known = Set.of(
                "type",
                "dropout",
                "unk_token",
                "continuing_subword_prefix",
                "end_of_word_suffix",
                "fuse_unk",
                "byte_fallback",
                "ignore_merges",
                "vocab",
                "merges");
        for (String name : model.object().keySet()) {
            if (!known.contains(name)) {
                requireNothing(model, name);
            }
        }
    }

    /// What comes after the encoding may move offsets (ByteLevel), which changes no token, or put special tokens around
    /// a whole text (TemplateProcessing). Those before it are done, those after it are not.
    ///
    /// @return the tokens before every text
    private static int[] beginning(JsonValue stage) {
        String type = stage.isNull() ? "" : stage.get("type").string();
        return switch (type) {
            case "Sequence" -> {
                int[] beginning = {};
                for (JsonValue inner : stage.get("processors").list()) {
                    int[] its = beginning(inner);
                    if (beginning.length > 0 && its.length > 0) {
                        throw new IllegalArgumentException(inner.where() + " is a second TemplateProcessing");
                    }
                    beginning = its.length > 0 ? its : beginning;
                }
                yield beginning;
            }
            case "TemplateProcessing" -> templateBeginning(stage);
            default -> {
                requireByteLevelOrNothing(stage, "ByteLevel and TemplateProcessing are");
                yield new int[0];
            }
        };
    }

    private static int[] templateBeginning(JsonValue template) {
        JsonValue parts = template.get("single");
        TokenBuffer before = new TokenBuffer();
        int texts = 0;
        for (JsonValue part : parts.list()) {
            if (part.object().containsKey("Sequence")) {
                texts++;
                continue;
            }
            String name = part.get("SpecialToken").get("id").string();
            if (texts > 0) {
                throw new IllegalArgumentException(
                        part.where() + " puts " + name + " after every text, which is not supported");
            }
            JsonValue ids = template.get("special_tokens").get(name).get("ids");
            ids.list().forEach(id -> before.add(id.index()));
        }
        if (texts != 1) {
            throw new IllegalArgumentException(parts.where() + " has the text " + texts + " times, not once");
        }
        return before.toArray();
    }

    /// @param supported what could stand there
    private static void requireByteLevelOrNothing(JsonValue stage, String supported) {
        if (!stage.isNull() && !stage.get("type").string().equals("ByteLevel")) {
            throw notSupported(stage, stage.get("type").string(), supported);
        }
    }

    private static IllegalArgumentException notSupported(JsonValue stage, String type, String supported) {
        return new IllegalArgumentException(
                stage.where() + " " + type + " is asked for, which is not supported; only " + supported);
    }

    private static SplitPattern splitPattern(JsonValue stage) {
        String type = stage.get("type").string();
        if (type.equals("ByteLevel")) {
            requireByteLevel(stage, true);
            return SplitPattern.GPT_2;
        }
        List<JsonValue> stages =
                type.equals("Sequence") ? stage.get("pretokenizers").list() : List.of();
        List<String> types =
                stages.stream().map(inner -> inner.get("type").string()).toList();
        if (types.equals(List.of("Digits", "ByteLevel"))
                && stages.get(0).get("individual_digits").truth(false)) {
            requireByteLevel(stages.get(1), true);
            return SplitPattern.SMOLLM;
        }
        if (!types.equals(List.of("Split", "ByteLevel"))) {
            throw new IllegalArgumentException(stage.where() + " " + type + (types.isEmpty() ? "" : " of " + types)
                    + " is asked for, which is not supported; only ByteLevel, or a Sequence of Split and ByteLevel, or of"
                    + " individual Digits and ByteLevel, is");
        }
        requireByteLevel(stages.get(1), false);
        JsonValue split = stages.get(0);
        if (!split.get("behavior").string().equals("Isolated")
                || split.get("invert").truth(false)) {
            throw new IllegalArgumentException(split.where()
                    + " is asked for with another behavior than Isolated or inverted, which is not supported");
        }
        return SplitPattern.ofFile(split.get("pattern").get("Regex").string());
    }

    private static void requireByteLevel(JsonValue stage, boolean withPattern) {
        if (!stage.get("type").string().equals("ByteLevel")) {
            throw stage.get("type").isNot("ByteLevel");
        }
        if (stage.get("add_prefix_space").truth(true)) {
            throw new IllegalArgumentException(
                    stage.get("add_prefix_space").where() + " is asked for, which is not supported");
        }
        if (stage.get("use_regex").truth(true) != withPattern) {
            throw stage.get("use_regex").isNot("" + withPattern);
        }
    }

    private void readSpecialTokens() {
        if (document.get("added_tokens").isNull()) {
            return;
        }
        for (JsonValue token : document.get("added_tokens").list()) {
            requireNothing(token, "single_word", "lstrip", "rstrip");
            String content = token.get("content").string();
            if (!token.get("special").truth(false)) {
                words.add(content);
            }
            if (special.put(content, token.get("id").index()) != null) {
                throw new IllegalArgumentException(token.where() + ": " + content + " is there twice");
            }
        }
    }

    private void readVocabulary(JsonValue vocabulary) {
        for (String spelling : vocabulary.object().keySet()) {
            ids.put(spelling, vocabulary.get(spelling).index());
        }
        special.forEach((content, id) -> {
            Integer other = ids.putIfAbsent(content, id);
            if (other != null && !other.equals(id)) {
                throw new IllegalArgumentException(
                        "added_tokens gives " + content + " the id " + id + ", model.vocab gives it " + other);
            }
        });
        tokens = SpelledVocabulary.tokens(ids, special);
    }

    private List<Merge> merges(JsonValue merges) {
        List<Merge> read = new ArrayList<>();
        for (JsonValue merge : merges.list()) {
            String[] pair = pair(merge);
            read.add(new Merge(token(merge, pair[0]), token(merge, pair[1]), token(merge, pair[0] + pair[1])));
        }
        return read;
    }

    private static String[] pair(JsonValue merge) {
        if (merge.value() instanceof String both) {
            String[] pair = both.split(" ", -1);
            if (pair.length == 2) {
                return pair;
            }
        } else if (merge.value() instanceof List && merge.list().size() == 2) {
            return new String[] {
                merge.list().get(0).string(), merge.list().get(1).string()
            };
        }
        throw merge.isNot("two tokens, as \"a b\" or [\"a\", \"b\"]");
    }

    private int token(JsonValue merge, String spelling) {
        Integer id = ids.get(spelling);
        if (id == null) {
            throw new IllegalArgumentException(merge.where() + ": " + spelling + " is not in model.vocab");
        }
        return id;
    }
}
