package torrefy.kernels.opencl;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/// The folder where is kept what was built or found out for this user: `$XDG_CACHE_HOME/torrefy` or `~/.cache/torrefy`.
final class UserCache {

    private UserCache() {}

    /// Empty if there is none, and none can be made.
    static Optional<Path> folder() {
        String base = System.getenv("XDG_CACHE_HOME");
        Path folder = base == null || base.isEmpty()
                ? Path.of(System.getProperty("user.home", ""), ".cache", "torrefy")
                : Path.of(base, "torrefy");
        try {
            Files.createDirectories(folder);
            return Files.isWritable(folder) ? Optional.of(folder) : Optional.empty();
        } catch (IOException | SecurityException e) {
            return Optional.empty();
        }
    }

    /// Writes a file under another name first, so that nobody reads half of it.
    static void write(Path file, String text) throws IOException {
        Path whole = Files.createTempFile(file.getParent(), "new", null);
        try {
            Files.writeString(whole, text);
            Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(whole);
        }
    }
}
