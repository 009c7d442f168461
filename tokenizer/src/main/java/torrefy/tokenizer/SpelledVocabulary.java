package torrefy.tokenizer;

import java.io.ByteArrayOutputStream;
import java.util.Map;
import tools.jackson.core.JsonEncoding;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// Tokens as JSON files write them: in the byte-level alphabet, special ones by their names.
final class SpelledVocabulary {

    /// Ids that may be left out in any case.
    private static final int FEW = 1 << 10;

    private SpelledVocabulary() {}

    /// The bytes of every token; null for an id that is left out.
    ///
    /// @param ids by spelling, those of special tokens too
    /// @param special ids by name
    /// @throws IllegalArgumentException if an id is there twice or far too large, or a spelling is none
    static byte[][] tokens(Map<String, Integer> ids, Map<String, Integer> special) {
        int largest = ids.values().stream().mapToInt(Integer::intValue).max().orElse(-1);
        // Some ids may be left out; so many that the file is no vocabulary would cost memory.
        byte[][] tokens = new byte[Math.min(largest, 2 * ids.size() + FEW) + 1][];
        String[] owners = new String[tokens.length];
        ids.forEach((spelling, id) -> {
            if (id >= tokens.length) {
                throw new IllegalArgumentException("vocabulary: the id of " + spelling + " is " + id
                        + ", but there are only " + ids.size() + " tokens");
            }
            if (owners[id] != null) {
                throw new IllegalArgumentException(
                        "vocabulary: " + owners[id] + " and " + spelling + " have the same id " + id);
            }
            owners[id] = spelling;
            tokens[id] = special.containsKey(spelling) ? Utf8.encode(spelling) : ByteAlphabet.read(spelling);
            if (tokens[id] == null) {
                throw new IllegalArgumentException(
                        "vocabulary: " + spelling + " is not written in the byte-level alphabet");
            }
        });
        return tokens;
    }

    /// The spelling of every token; null for an id that is left out.
    static String[] spellings(Tokenizer tokenizer) {
        Vocabulary vocabulary = tokenizer.vocabulary();
        String[] spellings = new String[vocabulary.size()];
        for (int id = 0; id < spellings.length; id++) {
            if (vocabulary.contains(id)) {
                spellings[id] = ByteAlphabet.spell(vocabulary.bytes(id));
            }
        }
        tokenizer.specialTokens().ids().forEach((name, id) -> {
            int other = vocabulary.find(ByteAlphabet.read(name) == null ? new byte[0] : ByteAlphabet.read(name));
            if (other >= 0 && other != id) {
                throw new IllegalArgumentException("special token " + name + " is spelled like the ordinary token "
                        + other + ": a JSON vocabulary cannot hold both");
            }
            spellings[id] = name;
        });
        return spellings;
    }

    /// Writes spellings and ids as members of the present object.
    static void write(String[] spellings, JsonGenerator json) {
        for (int id = 0; id < spellings.length; id++) {
            if (spellings[id] != null) {
                json.writeNumberProperty(spellings[id], id);
            }
        }
    }

    /// Spellings and ids as a JSON object of their own.
    static byte[] json(String[] spellings) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator json =
                new JsonFactory().createGenerator(ObjectWriteContext.empty(), out, JsonEncoding.UTF8)) {
            json.writeStartObject();
            write(spellings, json);
            json.writeEndObject();
        }
        return out.toByteArray();
    }
}
