package torrefy.tokenizer.corpus;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
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

    private static final int BUFFER_BYTES = 1 << 16;

    @Override
    public void read(DocumentSink sink) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES)) {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            int number = 1;
            while (!sink.hasEnough() && readLine(in, line, sink.largestDocument())) {
                document(name + ":" + number, line.toByteArray(), sink);
                number++;
            }
        } catch (IOException e) {
            throw new IOException(name + ": cannot be read: " + Reason.of(e), e);
        }
    }

    /// Reads a line, of which no more than one byte above `most` is kept. Returns false at the end of the file.
    private static boolean readLine(InputStream in, ByteArrayOutputStream line, int most) throws IOException {
        line.reset();
        int next = in.read();
        boolean any = next >= 0;
        while (next >= 0 && next != '\n') {
            if (line.size() <= most) {
                line.write(next);
            }
            next = in.read();
        }
        return any;
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
