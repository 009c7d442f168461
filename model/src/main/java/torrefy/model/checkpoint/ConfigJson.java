package torrefy.model.checkpoint;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/// A JSON object out of a file that is not to be trusted. Its methods give what is asked for or say in one line what
/// there is instead. A member that is null counts as absent.
///
/// @param file it comes from
/// @param where what stands before the names of its members in messages; empty for the whole document
/// @param members strings, numbers and truth values as text; objects as maps, lists as lists
record ConfigJson(Path file, String where, Map<String, Object> members) {

    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(32).build())
            .build();

    /// Reads the object that is all of `file`.
    ///
    /// @param longest the most bytes it may have
    static ConfigJson read(Path file, long longest) throws IOException {
        if (Files.size(file) > longest) {
            throw new MalformedFileException(file, "has " + Files.size(file) + " bytes, too many for a configuration");
        }
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), Files.readString(file))) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new MalformedFileException(file, "is not a JSON object");
            }
            Map<String, Object> members = object(json);
            if (json.nextToken() != null) {
                throw new MalformedFileException(file, "goes on after its closing brace");
            }
            return new ConfigJson(file, "", members);
        } catch (JacksonException e) {
            throw new MalformedFileException(file, "is not valid JSON: " + line(e.getOriginalMessage()));
        } catch (CharacterCodingException e) {
            throw new MalformedFileException(file, "is not UTF-8 text");
        }
    }

    private static Map<String, Object> object(JsonParser json) {
        Map<String, Object> members = new LinkedHashMap<>();
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = json.currentName();
            json.nextToken();
            Object value = value(json);
            if (value != null) {
                members.put(name, value);
            }
        }
        return members;
    }

    /// The parser bounds the depth.
    private static Object value(JsonParser json) {
        return switch (json.currentToken()) {
            case START_OBJECT -> object(json);
            case START_ARRAY -> {
                List<Object> list = new ArrayList<>();
                while (json.nextToken() != JsonToken.END_ARRAY) {
                    list.add(value(json));
                }
                yield list;
            }
            case VALUE_NULL -> null;
            default -> json.getString();
        };
    }

    boolean has(String name) {
        return members.containsKey(name);
    }

    Set<String> names() {
        return members.keySet();
    }

    /// The member of that name as text; null if it is absent.
    String text(String name) throws MalformedFileException {
        Object value = members.get(name);
        if (value instanceof Map || value instanceof List) {
            throw wrong(name, "which should be a single value");
        }
        return (String) value;
    }

    int integer(String name) throws MalformedFileException {
        requireThere(name);
        return integer(name, 0);
    }

    int integer(String name, int otherwise) throws MalformedFileException {
        String text = text(name);
        try {
            return text == null ? otherwise : Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw wrong(name, "which is not a whole number");
        }
    }

    double number(String name, double otherwise) throws MalformedFileException {
        String text = text(name);
        try {
            return text == null ? otherwise : Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw wrong(name, "which is not a number");
        }
    }

    boolean truth(String name, boolean otherwise) throws MalformedFileException {
        String text = text(name);
        if (text == null || text.equals("true") || text.equals("false")) {
            return text == null ? otherwise : text.equals("true");
        }
        throw wrong(name, "which is neither true nor false");
    }

    /// The object of that name; an empty one if it is absent.
    @SuppressWarnings("unchecked")
    ConfigJson object(String name) throws MalformedFileException {
        Object value = members.getOrDefault(name, Map.of());
        if (value instanceof Map) {
            return new ConfigJson(file, where + name + ".", (Map<String, Object>) value);
        }
        throw wrong(name, "which is not an object");
    }

    /// The list of texts of that name; an empty one if it is absent.
    List<?> list(String name) throws MalformedFileException {
        if (members.getOrDefault(name, List.of()) instanceof List<?> list) {
            return list;
        }
        throw wrong(name, "which is not a list");
    }

    /// Checks that a member is absent or what can be read: anything else would load and compute something else.
    void require(String name, String readable) throws MalformedFileException {
        if (has(name) && !readable.equals(text(name))) {
            throw wrong(name, "only " + readable + " can be read");
        }
    }

    private void requireThere(String name) throws MalformedFileException {
        if (!has(name)) {
            throw new MalformedFileException(file, "lacks " + where + name);
        }
    }

    MalformedFileException wrong(String name, String why) {
        String separator = why.startsWith("only") ? "; " : ", ";
        return new MalformedFileException(
                file, "has " + where + name + " = " + line(String.valueOf(members.get(name))) + separator + why);
    }

    /// Text out of a file that is not to be trusted, fit for one line of a terminal.
    static String line(String text) {
        String line = text.replaceAll("[\\p{Cntrl}\\u0085\\u2028\\u2029]+", " ").strip();
        return line.length() > 100 ? line.substring(0, 100) + "…" : line;
    }
}
