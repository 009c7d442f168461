package torrefy.tokenizer.corpus.read;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;
import torrefy.tokenizer.Utf8;

/// Reads a JSON object from each line, of which one field is a document. JSON that is passed on is UTF-8 (RFC 8259,
/// 8.1): what is declared of texts does not hold for it.
///
/// @param field its name
record JsonLines(String field, DocumentSink sink) {

    private static final JsonFactory FACTORY = new JsonFactory();

    void read(String name, InputStream in) throws IOException {
        LineReader lines = new LineReader(in);
        long from = 0;
        byte[] line = lines.next(sink.largestDocument());
        for (int number = 1; line != null && !sink.hasEnough(); number++) {
            document(name + ":" + number, from, lines.position(), line);
            from = lines.position();
            line = lines.next(sink.largestDocument());
        }
    }

    private void document(String source, long from, long to, byte[] line) {
        if (line.length > sink.largestDocument()) {
            sink.tooLarge(source, -1);
            return;
        }
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), line)) {
            JsonToken first = parser.nextToken();
            if (first == null) {
                return;
            }
            String text = first == JsonToken.START_OBJECT ? textField(parser) : null;
            if (text == null) {
                sink.unreadable(source, "is not an object with a field \"" + field + "\" that is a string");
            } else if (parser.nextToken() != null) {
                sink.unreadable(source, "holds more than one object");
            } else {
                sink.document(
                        new Document(source, TextForm.PROSE, from, to, Utf8.encode(text), StandardCharsets.UTF_8));
            }
        } catch (JacksonException e) {
            sink.unreadable(
                    source,
                    "is not JSON: " + e.getOriginalMessage().lines().findFirst().orElse(""));
        }
    }

    /// The field of the object the parser has begun; null if there is none. Reads on to the end of the line, because
    /// one that is cut off, or runs into the next, is not to be trusted.
    private String textField(JsonParser parser) {
        String text = null;
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            boolean isText = parser.currentName().equals(field);
            if (parser.nextToken() == JsonToken.VALUE_STRING && isText) {
                text = parser.getString();
            }
            parser.skipChildren();
        }
        return text;
    }
}
