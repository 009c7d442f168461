package torrefy.core.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// The folder where is kept what was built or found out for this user: `$XDG_CACHE_HOME/torrefy` or `~/.cache/torrefy`.
/// Whoever keeps something there can do without it, and writes it as an [AtomicFile].
public final class UserCache {

    private UserCache() {}

    /// Empty if there is none, and none can be made.
    public static Optional<Path> folder() {
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
