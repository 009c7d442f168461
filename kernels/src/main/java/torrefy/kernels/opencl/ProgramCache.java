package torrefy.kernels.opencl;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import torrefy.core.data.FileHash;
import torrefy.core.data.UserCache;

/// Built programs, kept in a folder of the user from run to run: building them all takes a device's compiler seconds.
///
/// A file's name is the hash of all that decides what it holds: source, options, device, driver. It begins with the
/// hash of its contents. What does not fit, or cannot be read or written, costs the time it would have saved and
/// nothing else.
final class ProgramCache {

    private static final int HASH_BYTES = 32;

    /// No program is nearly as large; a damaged file may claim to be.
    private static final long LARGEST = 64 << 20;

    private final Path folder;

    /// @param folder where the files are; null to keep nothing
    ProgramCache(Path folder) {
        this.folder = folder;
    }

    /// In this user's folder, if there is one.
    static ProgramCache ofUser() {
        return new ProgramCache(
                UserCache.folder().map(cache -> cache.resolve("opencl")).orElse(null));
    }

    /// The name of a program: of all that it is made from, and made by.
    static String key(Device device, String source, String options) {
        String maker = String.join(
                "\n", device.name(), device.platformName(), device.version(), device.driver(), options, source);
        return HexFormat.of().formatHex(hash(maker.getBytes(StandardCharsets.UTF_8)));
    }

    /// What was kept under `key`; empty if there is nothing, or it is damaged.
    Optional<byte[]> load(String key) {
        if (folder == null) {
            return Optional.empty();
        }
        try {
            Path file = folder.resolve(key);
            if (!Files.isRegularFile(file) || Files.size(file) > LARGEST) {
                return Optional.empty();
            }
            byte[] bytes = Files.readAllBytes(file);
            if (bytes.length <= HASH_BYTES) {
                return Optional.empty();
            }
            byte[] binary = Arrays.copyOfRange(bytes, HASH_BYTES, bytes.length);
            boolean isWhole = Arrays.equals(hash(binary), Arrays.copyOf(bytes, HASH_BYTES));
            return isWhole ? Optional.of(binary) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /// Keeps `binary` under `key`, if that can be done.
    void save(String key, byte[] binary) {
        if (folder == null) {
            return;
        }
        try {
            Files.createDirectories(folder);
            Path temporary = Files.createTempFile(folder, key.substring(0, 8), ".new");
            try {
                ByteBuffer bytes = ByteBuffer.allocate(HASH_BYTES + binary.length);
                bytes.put(hash(binary)).put(binary);
                Files.write(temporary, bytes.array());
                Files.move(temporary, folder.resolve(key), StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            // The next run builds it again.
            return;
        }
    }

    private static byte[] hash(byte[] bytes) {
        return FileHash.sha256().digest(bytes);
    }
}
