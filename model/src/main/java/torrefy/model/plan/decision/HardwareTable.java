package torrefy.model.plan.decision;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/// Hardware by name, from a table with the columns `name,peak,memory,bandwidth,price,power,source,date`: TFLOP/s, GB,
/// GB/s, dollars an hour, W. Lines that begin with `#` are comments.
public final class HardwareTable {

    private static final String COLUMNS = "name,peak,memory,bandwidth,price,power,source,date";
    private static final int COUNT = COLUMNS.split(",").length;

    /// Spreadsheets write one.
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private static final double GIGA = 1e9;
    private static final double TERA = 1e12;

    private final Map<String, Hardware> byName = new LinkedHashMap<>();

    /// The table that comes with this, of public figures.
    public static HardwareTable standard() {
        HardwareTable table = new HardwareTable();
        try (InputStream in = HardwareTable.class.getResourceAsStream("hardware.csv")) {
            table.read(new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)), "hardware.csv");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return table;
    }

    /// Adds the lines of a file of the user's; a name that is there already is replaced.
    ///
    /// @throws IOException if the file cannot be read
    /// @throws IllegalArgumentException if a line is not of these columns; the message names file and line
    public HardwareTable with(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new IllegalArgumentException(file + ": is a folder, and no table");
        }
        HardwareTable table = new HardwareTable();
        table.byName.putAll(byName);
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            table.read(reader, file.toString());
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(file + ": is no table, its bytes are not UTF-8", e);
        }
        return table;
    }

    private void read(BufferedReader reader, String file) throws IOException {
        int number = 0;
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            number++;
            if (number == 1 && line.startsWith(BYTE_ORDER_MARK)) {
                line = line.substring(1);
            }
            if (!line.isBlank()
                    && !line.startsWith("#")
                    && !line.replace(" ", "").equalsIgnoreCase(COLUMNS)) {
                Hardware hardware = parse(line, file + ", line " + number);
                byName.put(hardware.name(), hardware);
            }
        }
    }

    private static Hardware parse(String line, String place) {
        String[] cells = line.split(",", -1);
        if (cells.length != COUNT) {
            throw new IllegalArgumentException(
                    place + ": " + cells.length + " cells between commas instead of the " + COUNT + " of " + COLUMNS);
        }
        try {
            return new Hardware(
                    cells[0].strip(),
                    number(cells, 1) * TERA,
                    number(cells, 2) * GIGA,
                    number(cells, 3) * GIGA,
                    number(cells, 4),
                    number(cells, 5),
                    cells[6].strip(),
                    cells[7].strip());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(place + ": " + e.getMessage(), e);
        }
    }

    private static double number(String[] cells, int column) {
        try {
            return Double.parseDouble(cells[column].strip());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    COLUMNS.split(",")[column] + " '" + cells[column].strip() + "' is no number", e);
        }
    }

    public List<Hardware> all() {
        return new ArrayList<>(byName.values());
    }

    /// The hardware of that name, or the only one whose name has the same letters and digits.
    ///
    /// @throws IllegalArgumentException if there is none; the message lists the names, the nearest first
    public Hardware get(String name) {
        if (byName.containsKey(name)) {
            return byName.get(name);
        }
        List<String> alike = byName.keySet().stream()
                .filter(other -> plain(other).equals(plain(name)))
                .toList();
        if (alike.size() == 1) {
            return byName.get(alike.get(0));
        }
        List<String> nearest = byName.keySet().stream()
                .sorted(Comparator.comparingInt(other -> edits(plain(name), plain(other))))
                .toList();
        throw new IllegalArgumentException(
                "no hardware is called '" + name + "'; there are, the nearest first: " + String.join(", ", nearest));
    }

    /// Letters and digits alone, small ones.
    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]", "");
    }

    /// Letters to insert, leave out or replace that make `from` to `to`: Levenshtein's distance.
    private static int edits(String from, String to) {
        int[] row = IntStream.rangeClosed(0, to.length()).toArray();
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[to.length()];
    }
}
