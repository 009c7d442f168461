package torrefy.model.evaluation;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import torrefy.model.checkpoint.MalformedFileException;

/// Multiple-choice questions in HellaSwag's form (Zellers et al., arXiv 1905.07830), a JSON object a line:
///
/// ```json
/// {"ctx": "The kettle whistles. Anna", "endings": ["pours the tea.", "sings a river."], "label": 0}
/// ```
///
/// Without `ctx` the context is `ctx_a`, a space and `ctx_b`. Other fields are not read: the activity's label, which
/// some put before the context, neither.
public final class ChoiceFile {

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(16).build())
            .build();

    private ChoiceFile() {}

    /// Reads all questions.
    ///
    /// @throws NoSuchFileException if there is no such file
    /// @throws MalformedFileException naming the line and what is wrong, also if there is no question
    public static List<ChoiceText> read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new NoSuchFileException(file + ": no such file of questions");
        }
        List<ChoiceText> questions = new ArrayList<>();
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            int number = 1;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.isBlank()) {
                    questions.add(question(file, number, line));
                }
                number++;
            }
        } catch (CharacterCodingException e) {
            throw new MalformedFileException(file, "is not text in UTF-8");
        }
        if (questions.isEmpty()) {
            throw new MalformedFileException(file, "holds no question");
        }
        return questions;
    }

    private static ChoiceText question(Path file, int number, String line) throws MalformedFileException {
        Fields fields = new Fields();
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), line)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new MalformedFileException(file, "line " + number + " is not a JSON object");
            }
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                fields.take(parser);
            }
        } catch (JacksonException e) {
            String what = e.getOriginalMessage().lines().findFirst().orElse("");
            throw new MalformedFileException(file, "line " + number + " is not JSON: " + what);
        }
        String missing = fields.missing();
        if (missing != null) {
            throw new MalformedFileException(file, "line " + number + " " + missing);
        }
        return new ChoiceText(fields.context(), fields.endings, fields.label);
    }

    /// What a line says.
    private static final class Fields {

        private String whole;
        private String a;
        private String b;
        private final List<String> endings = new ArrayList<>();
        private int label = -1;

        void take(JsonParser parser) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            switch (name) {
                case "ctx" -> whole = text(parser, value);
                case "ctx_a" -> a = text(parser, value);
                case "ctx_b" -> b = text(parser, value);
                case "label" -> label = number(parser, value);
                case "endings" -> {
                    while (value == JsonToken.START_ARRAY && parser.nextToken() == JsonToken.VALUE_STRING) {
                        endings.add(parser.getString());
                    }
                }
                default -> parser.skipChildren();
            }
        }

        private static String text(JsonParser parser, JsonToken value) {
            if (value == JsonToken.VALUE_STRING) {
                return parser.getString();
            }
            parser.skipChildren();
            return null;
        }

        /// A number, or a string of digits, as some copies of the data have it; −1 for anything else.
        private static int number(JsonParser parser, JsonToken value) {
            if (value == JsonToken.VALUE_NUMBER_INT || value == JsonToken.VALUE_STRING) {
                String digits = parser.getString();
                return digits.matches("\\d{1,6}") ? Integer.parseInt(digits) : -1;
            }
            parser.skipChildren();
            return -1;
        }

        String context() {
            return whole != null ? whole : a + " " + b;
        }

        /// What keeps this from being a question; null if nothing does.
        String missing() {
            if (whole == null && (a == null || b == null)) {
                return "has no context: neither \"ctx\" nor \"ctx_a\" and \"ctx_b\"";
            }
            if (endings.size() < 2 || endings.stream().anyMatch(String::isBlank)) {
                return "needs \"endings\", a list of at least two texts";
            }
            if (label < 0 || label >= endings.size()) {
                return "needs a \"label\" from 0 to " + (endings.size() - 1);
            }
            return null;
        }
    }
}
