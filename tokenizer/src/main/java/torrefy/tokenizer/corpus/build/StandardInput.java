package torrefy.tokenizer.corpus.build;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import torrefy.core.data.AtomicFile;
import torrefy.core.data.FileHash;

/// Stdin as an input. A file is known again by its size and time; stdin only by its bytes, so they are hashed as they
/// pass. After a kill the reading goes on if stdin is given again from its beginning, and refuses any other text.
final class StandardInput extends InputStream {

    /// In the folder of the stage: how much has been read of stdin, and its hash.
    static final String FILE = "stdin.txt";

    private static final int HEAD_BYTES = 1 << 16;

    /// The beginning of a text, or all of it.
    ///
    /// @param atEnd whether it is all
    private record Seen(long bytes, String sha256, boolean atEnd) {

        static Seen read(Path file) throws IOException {
            String[] words = Files.readString(file).strip().split(" ");
            return new Seen(Long.parseLong(words[0]), words[1], words.length > 2);
        }

        void write(Path file) throws IOException {
            AtomicFile.write(file, bytes + " " + sha256 + (atEnd ? " end" : "") + "\n");
        }
    }

    private final InputStream in;
    private final Path file;
    private final Seen before;
    private final MessageDigest digest = FileHash.sha256();
    private long bytes;
    private boolean atEnd;
    private boolean isSame;

    private StandardInput(InputStream in, Path file, Seen before) {
        this.in = in;
        this.file = file;
        this.before = before;
    }

    /// Begins to read, or begins again. What stdin begins with is on record before anything is made of it.
    ///
    /// @param folder of the stage
    static StandardInput open(InputStream stdin, Path folder) throws IOException {
        BufferedInputStream in = new BufferedInputStream(stdin, HEAD_BYTES);
        Path file = folder.resolve(FILE);
        if (!Files.exists(file)) {
            in.mark(HEAD_BYTES);
            byte[] head = in.readNBytes(HEAD_BYTES);
            in.reset();
            if (head.length == 0) {
                throw new IOException("stdin is an input, but there is nothing in it");
            }
            MessageDigest digest = FileHash.sha256();
            digest.update(head);
            new Seen(head.length, hex(digest), false).write(file);
        }
        return new StandardInput(in, file, Seen.read(file));
    }

    /// Refuses a text that is not the one which an earlier run has read to its end; none at all will do.
    ///
    /// @param folder of the finished stage
    static void refuseOther(InputStream stdin, Path folder) throws IOException {
        BufferedInputStream in = new BufferedInputStream(stdin, HEAD_BYTES);
        in.mark(1);
        if (isTerminal() || in.read() < 0) {
            return;
        }
        in.reset();
        Seen before = Seen.read(folder.resolve(FILE));
        StandardInput again = new StandardInput(in, folder, before);
        try {
            again.requireSame();
            if (before.atEnd && again.read() >= 0) {
                throw again.isOther();
            }
        } catch (UncheckedIOException e) {
            throw new IOException(
                    folder
                            + ": was made from another text than stdin holds; give --out another folder, or delete this one",
                    e);
        }
    }

    private static boolean isTerminal() {
        return System.console() != null && System.console().isTerminal();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int at, int length) throws IOException {
        // Not beyond the place at which the hash is known.
        int most = bytes < before.bytes ? (int) Math.min(length, before.bytes - bytes) : length;
        int count = in.read(buffer, at, most);
        count(buffer, at, count);
        return count;
    }

    private synchronized void count(byte[] buffer, int at, int count) {
        atEnd |= count < 0;
        digest.update(buffer, at, Math.max(0, count));
        bytes += Math.max(0, count);
        isSame |= bytes == before.bytes && seen().sha256.equals(before.sha256);
        if (!isSame && (atEnd || bytes == before.bytes)) {
            throw isOther();
        }
    }

    /// Whether all that an earlier run has read is known to be the same. Nothing may be kept before that.
    synchronized boolean isSame() {
        return isSame;
    }

    /// Reads on as far as an earlier run did.
    void requireSame() throws IOException {
        if (!isSame()) {
            skipNBytes(before.bytes - bytes);
        }
    }

    /// Unchecked, because what is wrong is not a file among others but the command.
    private UncheckedIOException isOther() {
        return new UncheckedIOException(new IOException(
                "stdin is not the text that an earlier run was reading when it was stopped; give that text again from its"
                        + " beginning, or delete " + file.getParent() + " to begin anew"));
    }

    private synchronized Seen seen() {
        try {
            return new Seen(bytes, hex((MessageDigest) digest.clone()), atEnd);
        } catch (CloneNotSupportedException e) {
            throw new AssertionError("SHA-256 of every JDK can be cloned", e);
        }
    }

    /// Puts on record how far stdin has been read.
    void write() throws IOException {
        seen().write(file);
    }

    private static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }
}
