package torrefy.tensor.op;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import torrefy.core.shape.Shape;

/// What PyTorch computed for the cases of `golden/ops.txt`; `src/test/python/make_golden.py` wrote the file and states
/// its format.
final class GoldenFile {

    /// One case: its operands, its value, the gradient backward starts from, and the gradient of every input in order.
    record Golden(List<Operand> operands, List<Operand> output, List<Operand> dOutput, List<Operand> gradients) {
        Golden() {
            this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        }
    }

    private static final Map<String, Golden> CASES = read("/torrefy/tensor/golden/ops.txt");

    private GoldenFile() {}

    /// All cases by name.
    static Map<String, Golden> cases() {
        return CASES;
    }

    static Golden named(String name) {
        Golden golden = CASES.get(name);
        if (golden == null) {
            throw new IllegalArgumentException("no case '" + name + "' in ops.txt; run make_golden.py");
        }
        return golden;
    }

    private static Map<String, Golden> read(String resource) {
        Map<String, Golden> cases = new LinkedHashMap<>();
        Golden current = new Golden();
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(GoldenFile.class.getResourceAsStream(resource), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("case ")) {
                    current = new Golden();
                    cases.put(line.substring(5), current);
                } else if (!line.startsWith("#")) {
                    read(line.split(" "), current);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return cases;
    }

    private static void read(String[] words, Golden into) {
        int[] sizes = words[1].equals("-")
                ? new int[0]
                : Stream.of(words[1].split("x")).mapToInt(Integer::parseInt).toArray();
        float[] values = new float[words.length - 2];
        for (int i = 0; i < values.length; i++) {
            values[i] = Float.parseFloat(words[i + 2]);
        }
        Operand.Kind kind = switch (words[0]) {
            case "constant" -> Operand.Kind.CONSTANT;
            case "indices" -> Operand.Kind.INDICES;
            default -> Operand.Kind.INPUT;
        };
        List<Operand> place = switch (words[0]) {
            case "output" -> into.output;
            case "dOutput" -> into.dOutput;
            case "gradient" -> into.gradients;
            default -> into.operands;
        };
        place.add(new Operand(kind, Shape.of(sizes), values));
    }
}
