package torrefy.model.checkpoint;

import java.io.IOException;
import java.nio.file.Path;

/// A file that does not hold what its format promises. The message is one line that names the file, the place in it
/// and what is wrong.
public final class MalformedFileException extends IOException {

    private static final long serialVersionUID = 1;

    public MalformedFileException(Path file, String problem) {
        super(file + ": " + problem);
    }

    MalformedFileException(Path file, String tensor, String problem) {
        super(file + ": tensor '" + shown(tensor) + "' " + problem);
    }

    /// A name out of a file that is not to be trusted, fit for one line of a terminal.
    static String shown(String name) {
        String printable = name.replaceAll("\\p{Cntrl}", "?");
        return printable.length() > 100 ? printable.substring(0, 100) + "…" : printable;
    }
}
