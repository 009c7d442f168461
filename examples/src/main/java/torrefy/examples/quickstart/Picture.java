package torrefy.examples.quickstart;

import java.awt.Font;
import java.awt.font.FontRenderContext;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import torrefy.core.data.AtomicFile;

/// Pictures as files.
public final class Picture {

    private Picture() {}

    /// Whether this machine has fonts, without which none can be drawn; if not, a line on stdout says so.
    public static boolean canBeDrawn(Path file) {
        boolean hasFonts = machineHasFonts();
        if (!hasFonts) {
            System.out.println(
                    file.getFileName() + " is not drawn: this machine has no fonts (Debian has some in the packages"
                            + " fontconfig and fonts-dejavu-core)");
        }
        return hasFonts;
    }

    /// Java draws text with the system's fonts, which a bare server may lack; the first use then fails inside Java.
    private static boolean machineHasFonts() {
        try {
            new Font(Font.SANS_SERIF, Font.PLAIN, 12).getLineMetrics("0", new FontRenderContext(null, true, true));
            return true;
        } catch (RuntimeException | InternalError | UnsatisfiedLinkError | NoClassDefFoundError e) {
            return false;
        }
    }

    /// Writes a picture as a PNG, atomically.
    public static void write(BufferedImage image, Path file) throws IOException {
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        ImageIO.write(image, "png", png);
        try (AtomicFile target = AtomicFile.create(file)) {
            ByteBuffer bytes = ByteBuffer.wrap(png.toByteArray());
            while (bytes.hasRemaining()) {
                target.channel().write(bytes);
            }
            target.commit();
        }
    }
}
