package torrefy.kernels.opencl;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import torrefy.core.data.AtomicFile;
import torrefy.core.data.UserCache;

/// The tiles that a tuning found to be the fastest, in a folder of the user: a file of one line for each device, driver
/// and program. Where there is none, or none that makes sense, the table of [DeviceClass] decides.
final class TunedTiles {

    private final Path folder;

    /// @param folder where the files are; null to keep nothing
    TunedTiles(Path folder) {
        this.folder = folder;
    }

    /// In this user's folder, if there is one.
    static TunedTiles ofUser() {
        return new TunedTiles(UserCache.folder().orElse(null));
    }

    /// For products on this device: those that were kept for it, or else the table's.
    MatmulTiles tiles(Device device) {
        return kept(device).orElseGet(() -> DeviceClass.of(device).tiles(device));
    }

    /// Empty if none were kept, or what is there is spoilt, or was made for another form or a larger device.
    private Optional<MatmulTiles> kept(Device device) {
        if (folder == null) {
            return Optional.empty();
        }
        try {
            return MatmulTiles.parse(Files.readString(folder.resolve(name(device))))
                    .filter(tiles -> tiles.program().equals(program(device)))
                    .filter(tiles -> tiles.whyUnfit(device).isEmpty());
        } catch (IOException missing) {
            return Optional.empty();
        }
    }

    /// Keeps `tiles` for this device.
    ///
    /// @return the file; empty if it cannot be written
    Optional<Path> keep(Device device, MatmulTiles tiles) {
        if (folder == null) {
            return Optional.empty();
        }
        try {
            Path file = folder.resolve(name(device));
            AtomicFile.write(file, tiles + "\n");
            return Optional.of(file);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /// The form that suits the device.
    private static String program(Device device) {
        return DeviceClass.of(device).tiles(device).program();
    }

    /// A file's name made from everything on which the answer depends.
    private static String name(Device device) {
        String options = device.units() + " units, " + device.vectorWidth() + " floats";
        String key = ProgramCache.key(device, Programs.source(program(device)), options);
        return "tiles-" + (device.isGpu() ? "gpu-" : "cpu-") + key.substring(0, 32);
    }
}
