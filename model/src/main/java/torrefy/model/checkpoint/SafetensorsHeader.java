package torrefy.model.checkpoint;

import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.json.JsonFactory;
import torrefy.core.shape.Shape;

/// The JSON at the head of a safetensors file:
///
/// ```json
/// {"__metadata__": {"format": "pt"}, "wte.weight": {"dtype": "F32", "shape": [50, 4], "data_offsets": [0, 800]}}
/// ```
///
/// A header that can be parsed has been checked: every tensor's bytes are there, belong to no other, and are as many
/// as its shape needs. Nothing is allocated by a size that the header merely claims.
record SafetensorsHeader(Map<String, String> metadata, Map<String, StoredTensor> tensors) {

    /// The most bytes a header may have: the format's own limit.
    static final long LONGEST = 100_000_000;

    private static final String METADATA = "__metadata__";

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxDocumentLength(LONGEST)
                    .maxStringLength((int) LONGEST)
                    .maxNestingDepth(16)
                    .build())
            .build();

    /// Parses the header of `file`, whose data after the header is `dataBytes` long.
    ///
    /// @throws MalformedFileException naming the file, the tensor and what is wrong
    static SafetensorsHeader parse(Path file, byte[] json, long dataBytes) throws MalformedFileException {
        if (json.length == 0 || json[0] != '{') {
            throw new MalformedFileException(file, "the header does not begin with '{': not a safetensors file");
        }
        SafetensorsHeader header = new SafetensorsHeader(new LinkedHashMap<>(), new LinkedHashMap<>());
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), json)) {
            header.read(file, parser);
        } catch (JacksonException e) {
            throw new MalformedFileException(file, "the header is not valid JSON: " + firstLine(e));
        }
        header.requireSeamless(file, dataBytes);
        return header;
    }

    private static String firstLine(JacksonException e) {
        return e.getOriginalMessage().lines().findFirst().orElse("unreadable")
                + (e.getLocation() == null ? "" : " (byte " + e.getLocation().getByteOffset() + " of the header)");
    }

    private void read(Path file, JsonParser parser) throws MalformedFileException {
        boolean described = false;
        parser.nextToken();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            if (name.equals(METADATA)) {
                if (described) {
                    throw new MalformedFileException(file, METADATA + " stands twice in the header");
                }
                described = true;
                readMetadata(file, parser);
            } else if (tensors.put(name, readTensor(file, parser, name)) != null) {
                throw new MalformedFileException(file, name, "stands twice in the header");
            }
        }
        if (parser.nextToken() != null) {
            throw new MalformedFileException(file, "the header goes on after its closing brace");
        }
    }

    private void readMetadata(Path file, JsonParser parser) throws MalformedFileException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw new MalformedFileException(file, METADATA + " is not an object");
        }
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String key = parser.currentName();
            if (parser.nextToken() != JsonToken.VALUE_STRING) {
                throw new MalformedFileException(file, METADATA + " entry '" + key + "' is not a string");
            }
            if (metadata.put(key, parser.getString()) != null) {
                throw new MalformedFileException(file, METADATA + " entry '" + key + "' stands twice");
            }
        }
    }

    private static StoredTensor readTensor(Path file, JsonParser parser, String name) throws MalformedFileException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw new MalformedFileException(file, name, "is not described by an object");
        }
        StoredType type = null;
        long[] sizes = null;
        long[] offsets = null;
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String field = parser.currentName();
            parser.nextToken();
            boolean twice = false;
            switch (field) {
                case "dtype" -> {
                    twice = type != null;
                    type = readType(file, parser, name);
                }
                case "shape" -> {
                    twice = sizes != null;
                    sizes = readNumbers(file, parser, name, field);
                }
                case "data_offsets" -> {
                    twice = offsets != null;
                    offsets = readNumbers(file, parser, name, field);
                }
                default -> parser.skipChildren();
            }
            if (twice) {
                throw new MalformedFileException(file, name, "has two fields '" + field + "'");
            }
        }
        if (type == null || sizes == null || offsets == null) {
            throw new MalformedFileException(
                    file,
                    name,
                    "lacks the field '" + (type == null ? "dtype" : sizes == null ? "shape" : "data_offsets") + "'");
        }
        return fitting(file, name, type, sizes, offsets);
    }

    private static StoredType readType(Path file, JsonParser parser, String name) throws MalformedFileException {
        String text = parser.currentToken() == JsonToken.VALUE_STRING ? parser.getString() : null;
        for (StoredType type : StoredType.values()) {
            if (type.name().equals(text)) {
                return type;
            }
        }
        throw new MalformedFileException(
                file,
                name,
                text == null
                        ? "has a dtype that is not a string"
                        : "has the unknown dtype '" + text + "'; known are " + Arrays.toString(StoredType.values()));
    }

    /// A list of whole numbers, none negative.
    private static long[] readNumbers(Path file, JsonParser parser, String name, String field)
            throws MalformedFileException {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw new MalformedFileException(file, name, "has a " + field + " that is not a list");
        }
        long[] numbers = new long[4];
        int count = 0;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT) {
                throw new MalformedFileException(
                        file, name, "has a " + field + " with an entry that is not a whole number");
            }
            if (count == numbers.length) {
                numbers = Arrays.copyOf(numbers, 2 * count);
            }
            try {
                numbers[count] = parser.getLongValue();
            } catch (InputCoercionException e) {
                throw new MalformedFileException(
                        file, name, "has a " + field + " with a number beyond 64 bits: " + parser.getString());
            }
            if (numbers[count++] < 0) {
                throw new MalformedFileException(
                        file, name, "has a " + field + " with a negative number: " + numbers[count - 1]);
            }
        }
        return Arrays.copyOf(numbers, count);
    }

    private static StoredTensor fitting(Path file, String name, StoredType type, long[] sizes, long[] offsets)
            throws MalformedFileException {
        long elements = 1;
        boolean tooMany = false;
        for (long size : sizes) {
            tooMany |= size > Integer.MAX_VALUE || Math.multiplyHigh(elements, size) != 0;
            elements *= size;
            tooMany |= elements < 0 || elements > Integer.MAX_VALUE;
        }
        if (tooMany) {
            throw new MalformedFileException(
                    file, name, "has shape " + Arrays.toString(sizes) + ", more than 2^31 - 1 elements");
        }
        if (offsets.length != 2 || offsets[0] > offsets[1]) {
            throw new MalformedFileException(
                    file, name, "has data_offsets " + Arrays.toString(offsets) + " instead of a begin and an end");
        }
        Shape shape = Shape.of(Arrays.stream(sizes).mapToInt(size -> (int) size).toArray());
        if (offsets[1] - offsets[0] != elements * type.bytes()) {
            throw new MalformedFileException(
                    file,
                    name,
                    type + " of shape " + shape + " needs " + elements * type.bytes() + " bytes, its data_offsets "
                            + Arrays.toString(offsets) + " hold " + (offsets[1] - offsets[0]));
        }
        return new StoredTensor(name, type, shape, offsets[0], offsets[1]);
    }

    /// Checks that the tensors fill the data from the first byte to the last, each byte once.
    private void requireSeamless(Path file, long dataBytes) throws MalformedFileException {
        List<StoredTensor> byPlace = new ArrayList<>(tensors.values());
        byPlace.sort(Comparator.comparingLong(StoredTensor::begin).thenComparingLong(StoredTensor::end));
        long end = 0;
        String before = "the header";
        for (StoredTensor tensor : byPlace) {
            if (tensor.end() > dataBytes) {
                throw new MalformedFileException(
                        file,
                        tensor.name(),
                        "ends at byte " + tensor.end() + " of the data, of which the file has only " + dataBytes
                                + ": it was cut off or its header is wrong");
            }
            if (tensor.begin() < end) {
                throw new MalformedFileException(
                        file,
                        tensor.name(),
                        "begins at byte " + tensor.begin() + " of the data, inside " + before + ", which ends at "
                                + end);
            }
            if (tensor.begin() > end) {
                throw new MalformedFileException(
                        file,
                        tensor.name(),
                        "begins at byte " + tensor.begin() + " of the data, and the " + (tensor.begin() - end)
                                + " bytes before it belong to nothing");
            }
            end = tensor.end();
            before = "tensor '" + tensor.name() + "'";
        }
        if (end != dataBytes) {
            throw new MalformedFileException(
                    file, "the last " + (dataBytes - end) + " bytes of the data belong to no tensor");
        }
    }

    /// The header as bytes, padded with spaces so that the data after it begins at a multiple of 8.
    byte[] toJson() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
            json.writeStartObject();
            json.writeObjectPropertyStart(METADATA);
            metadata.forEach(json::writeStringProperty);
            json.writeEndObject();
            for (StoredTensor tensor : tensors.values()) {
                json.writeObjectPropertyStart(tensor.name());
                json.writeStringProperty("dtype", tensor.type().name());
                json.writeArrayPropertyStart("shape");
                for (int size : tensor.shape().sizes()) {
                    json.writeNumber(size);
                }
                json.writeEndArray();
                json.writeArrayPropertyStart("data_offsets");
                json.writeNumber(tensor.begin());
                json.writeNumber(tensor.end());
                json.writeEndArray();
                json.writeEndObject();
            }
            json.writeEndObject();
        }
        while (bytes.size() % Long.BYTES != 0) {
            bytes.write(' ');
        }
        return bytes.toByteArray();
    }
}
