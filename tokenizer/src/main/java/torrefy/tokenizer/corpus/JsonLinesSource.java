package torrefy.tokenizer.corpus;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;
import torrefy.tokenizer.Utf8;

/// A file with a JSON object on each line, whose field `text` is a document.
record JsonLinesSource(Path file, String name) implements DocumentSource {

    private static final JsonFactory FACTORY = new JsonFactory();

    @Override
    public void read(DocumentSink sink) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            LineReader lines = new LineReader(in);
            byte[] line = lines.next(sink.largestDocument());
            for (int number = 1; line != null && !sink.hasEnough(); number++) {
                document(name + ":" + number, line, sink);
                line = lines.next(sink.largestDocument());
            }
        } catch (IOException e) {
            throw new IOException(name + ": cannot be read: " + Reason.of(e), e);
        }
    }

    private static void document(String source, byte[] line, DocumentSink sink) {
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
                sink.unreadable(source, "is not an object with a field \"text\" that is a string");
            } else {
                sink.document(new Document(source, Utf8.encode(text)));
            }
        } catch (JacksonException e) {
            sink.unreadable(
                    source,
                    "is not JSON: " + e.getOriginalMessage().lines().findFirst().orElse(""));
        }
    }

    /// The field `text` of the object the parser has begun; null if there is none. Reads on to the end of the object,
    /// because a line that is cut off is not to be trusted.
    private static String textField(JsonParser parser) {
        String text = null;
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            boolean isText = parser.currentName().equals("text");
            if (parser.nextToken() == JsonToken.VALUE_STRING && isText) {
                text = parser.getString();
            }
            parser.skipChildren();
        }
        return text;
    }
}
