package torrefy.tokenizer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/// A JSON value and where in its document it stands, so that whoever finds it wrong can say where. Its methods throw
/// [IllegalArgumentException] with that place if the value is not what they promise.
///
/// @param where for instance `model.merges[17]`; empty for the whole document
/// @param value a map, a list, a string, a number, a boolean, or null; null also for what is absent
record JsonValue(String where, Object value) {

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /// Reads one JSON document.
    static JsonValue parse(byte[] json) {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), json)) {
            if (parser.nextToken() == null) {
                throw new IllegalArgumentException("is empty, should be a JSON document");
            }
            JsonValue document = new JsonValue("", read(parser));
            if (parser.nextToken() != null) {
                throw new IllegalArgumentException("something follows the JSON document");
            }
            return document;
        } catch (JacksonException e) {
            String problem = e.getOriginalMessage().lines().findFirst().orElse("no reason given");
            // What exceeds a limit of the parser, depth for instance, has no place.
            String where = e.getLocation() == null
                    ? ""
                    : ", at line " + e.getLocation().getLineNr() + ", column "
                            + e.getLocation().getColumnNr();
            throw new IllegalArgumentException("is not JSON or is cut off" + where + ": " + problem);
        }
    }

    /// The parser bounds the depth.
    private static Object read(JsonParser parser) {
        return switch (parser.currentToken()) {
            case START_OBJECT -> {
                Map<String, Object> object = new LinkedHashMap<>();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String name = parser.currentName();
                    parser.nextToken();
                    object.put(name, read(parser));
                }
                yield object;
            }
            case START_ARRAY -> {
                List<Object> list = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    list.add(read(parser));
                }
                yield list;
            }
            case VALUE_STRING -> parser.getString();
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            default -> null;
        };
    }

    boolean isNull() {
        return value == null;
    }

    /// Whether nothing is asked for here: null, absent, false, an empty string or an empty list.
    boolean isNothing() {
        return value == null || value.equals(false) || value.equals("") || value.equals(List.of());
    }

    IllegalArgumentException isNot(String what) {
        String is = value == null
                ? "missing"
                : value instanceof Map
                        ? "an object"
                        : value instanceof List ? "a list" : value instanceof String s ? '"' + s + '"' : "" + value;
        return new IllegalArgumentException(
                (where.isEmpty() ? "the document" : where) + " should be " + what + ", but is " + is);
    }

    /// The member of that name of an object.
    JsonValue get(String name) {
        return new JsonValue(where.isEmpty() ? name : where + "." + name, object().get(name));
    }

    @SuppressWarnings("unchecked")
    Map<String, Object> object() {
        if (value instanceof Map) {
            return (Map<String, Object>) value;
        }
        throw isNot("an object");
    }

    List<JsonValue> list() {
        if (value instanceof List<?> list) {
            List<JsonValue> values = new ArrayList<>(list.size());
            for (Object element : list) {
                values.add(new JsonValue(where + "[" + values.size() + "]", element));
            }
            return values;
        }
        throw isNot("a list");
    }

    String string() {
        if (value instanceof String string) {
            return string;
        }
        throw isNot("a string");
    }

    /// A whole number that is not negative.
    int index() {
        if (value instanceof Double number && number >= 0 && number <= Integer.MAX_VALUE && number % 1 == 0) {
            return number.intValue();
        }
        throw isNot("a whole number from 0 on");
    }

    boolean truth(boolean whenAbsent) {
        if (value == null) {
            return whenAbsent;
        }
        if (value instanceof Boolean truth) {
            return truth;
        }
        throw isNot("true or false");
    }
}
