package torrefy.kernels.opencl;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Optional;
import torrefy.core.data.UserCache;

/// Finds out, once, whether OpenCL can be used at all, without a stray line of anybody's on stdout.
///
/// Two native libraries are needed: the system's *loader*, which knows the drivers, and JOCL's own, which its jar
/// brings along. JOCL prints if the loader is missing, so that is looked for first.
final class OpenClLibrary {

    private OpenClLibrary() {}

    /// Found at first use.
    private static final class Found {
        static final Optional<String> REASON = load(loaderName());
    }

    /// Why OpenCL cannot be used, and what to do, in one line; empty if it can.
    static Optional<String> whyUnavailable() {
        return Found.REASON;
    }

    /// Loads JOCL behind the loader of that name.
    static Optional<String> load(String loader) {
        try (Arena arena = Arena.ofConfined()) {
            SymbolLookup.libraryLookup(loader, arena);
        } catch (IllegalArgumentException missing) {
            // Or there is one that is broken, or for another architecture: the JVM does not tell which.
            return Optional.of("no OpenCL loader can be loaded (" + loader
                    + "); install one, on Debian and Ubuntu: ocl-icd-libopencl1, and a driver: the card's, or"
                    + " pocl-opencl-icd for the processor");
        }
        try {
            return unpacked();
        } catch (NoClassDefFoundError missing) {
            return Optional.of("JOCL's jar is not on the class path; add the artifact org.jocl:jocl");
        } catch (UnsatisfiedLinkError broken) {
            return Optional.of("JOCL's native library cannot be loaded: "
                    + String.valueOf(broken.getMessage()).lines().findFirst().orElse(""));
        }
    }

    static String loaderName() {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        if (os.contains("windows")) {
            return "OpenCL.dll";
        }
        return os.contains("mac") ? "/System/Library/Frameworks/OpenCL.framework/OpenCL" : "libOpenCL.so.1";
    }

    /// JOCL unpacks its library into the temporary folder under a name that everybody knows, and loads what it finds
    /// there, whoever put it. While its class is made, and only then, the temporary folder is therefore one of our own:
    /// there is no other way to tell it.
    private static Optional<String> unpacked() {
        Path folder;
        try {
            folder = UserCache.folder().map(cache -> cache.resolve("jocl")).orElse(null);
            if (folder == null) {
                folder = Files.createTempDirectory("torrefy-jocl");
            } else {
                Files.createDirectories(folder);
            }
            if (Files.getFileStore(folder).supportsFileAttributeView("posix")) {
                Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
            }
        } catch (IOException e) {
            return Optional.of("there is no folder for JOCL's native library: " + e.getMessage());
        }
        synchronized (System.class) {
            String temporary = System.getProperty("java.io.tmpdir");
            try {
                System.setProperty("java.io.tmpdir", folder.toString());
                return Devices.initialize();
            } finally {
                System.setProperty("java.io.tmpdir", temporary);
            }
        }
    }
}
