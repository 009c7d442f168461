package torrefy.tokenizer.corpus.pack;

import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// A flat JSON object on one line: names with strings or whole numbers.
public final class JsonLine {

    private static final JsonFactory FACTORY = new JsonFactory();

    private JsonLine() {}

    /// @param namesAndValues a name, its value (a string or a number), the next name, …
    public static String of(Object... namesAndValues) {
        StringWriter line = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), line)) {
            json.writeStartObject();
            for (int i = 0; i < namesAndValues.length; i += 2) {
                json.writeName((String) namesAndValues[i]);
                if (namesAndValues[i + 1] instanceof Number number) {
                    json.writeNumber(number.longValue());
                } else {
                    json.writeString(String.valueOf(namesAndValues[i + 1]));
                }
            }
            json.writeEndObject();
        }
        return line.append('\n').toString();
    }

    /// @throws IllegalArgumentException if it is not such a line
    public static Map<String, Object> parse(String line) {
        Map<String, Object> values = new LinkedHashMap<>();
        try (JsonParser json = FACTORY.createParser(ObjectReadContext.empty(), line)) {
            json.nextToken();
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = json.currentName();
                values.put(name, json.nextToken() == JsonToken.VALUE_STRING ? json.getString() : json.getLongValue());
            }
        } catch (JacksonException e) {
            throw new IllegalArgumentException("is no JSON line: " + e.getOriginalMessage(), e);
        }
        return values;
    }
}
