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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Hardware by name, from a table with the columns `name,peak,memory,bandwidth,price,power,source,date`: TFLOP/s, GB,
/// GB/s, dollars an hour, W. Lines that begin with `#` are comments.
public final class HardwareTable {

    private static final String COLUMNS = "name,peak,memory,bandwidth,price,power,source,date";
    private static final int COUNT = COLUMNS.split(",").length;
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
            if (!line.isBlank() && !line.startsWith("#") && !line.strip().equals(COLUMNS)) {
                Hardware hardware = parse(line, file + ", line " + number);
                byName.put(hardware.name(), hardware);
            }
        }
    }

    private static Hardware parse(String line, String place) {
        String[] cells = line.split(",", -1);
        if (cells.length != COUNT) {
            throw new IllegalArgumentException(
                    place + ": " + cells.length + " cells instead of the " + COUNT + " of " + COLUMNS);
        }
        try {
            return new Hardware(
                    cells[0].strip(),
                    Double.parseDouble(cells[1]) * TERA,
                    Double.parseDouble(cells[2]) * GIGA,
                    Double.parseDouble(cells[3]) * GIGA,
                    Double.parseDouble(cells[4]),
                    Double.parseDouble(cells[5]),
                    cells[6].strip(),
                    cells[7].strip());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(place + ": " + e.getMessage(), e);
        }
    }

    public List<Hardware> all() {
        return new ArrayList<>(byName.values());
    }

    /// The hardware of that name.
    ///
    /// @throws IllegalArgumentException if there is none; the message lists the names
    public Hardware get(String name) {
        Hardware hardware = byName.get(name);
        if (hardware == null) {
            throw new IllegalArgumentException(
                    "no hardware is called '" + name + "'; there are: " + String.join(", ", byName.keySet()));
        }
        return hardware;
    }
}
