package torrefy.kernels.opencl;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// The folder where this user's built programs are kept: `$XDG_CACHE_HOME/torrefy` or `~/.cache/torrefy`.
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
}
