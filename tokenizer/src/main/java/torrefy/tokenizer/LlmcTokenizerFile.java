package torrefy.tokenizer;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.file.Path;
import torrefy.core.data.AtomicFile;

/// The file from which llm.c prints tokens: a header of 256 numbers of four bytes (the magic number, the version, V and
/// the end-of-text token), then for each token a byte with its length, and its bytes. It cannot be read back: it has
/// no merges.
public final class LlmcTokenizerFile {

    private static final int MAGIC = 20240328;
    private static final int VERSION = 2;
    private static final int HEADER_BYTES = 256 * Integer.BYTES;
    private static final int LONGEST = 255;

    private LlmcTokenizerFile() {}

    /// Writes the tokens of a tokenizer, atomically: the file is complete or not there. An id that is left out gets no
    /// bytes.
    ///
    /// @throws IllegalArgumentException if a token is longer than 255 bytes, which the format cannot hold
    public static void write(Tokenizer tokenizer, Path file) throws IOException {
        Vocabulary vocabulary = tokenizer.vocabulary();
        for (int token = 0; token < vocabulary.size(); token++) {
            if (vocabulary.length(token) > LONGEST) {
                throw new IllegalArgumentException("token " + token + " has " + vocabulary.length(token)
                        + " bytes; llm.c's tokenizer file holds tokens of at most " + LONGEST);
            }
        }
        try (AtomicFile target = AtomicFile.create(file);
                OutputStream out = new BufferedOutputStream(Channels.newOutputStream(target.channel()))) {
            out.write(ByteBuffer.allocate(HEADER_BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(MAGIC)
                    .putInt(VERSION)
                    .putInt(vocabulary.size())
                    .putInt(tokenizer.endOfText())
                    .array());
            for (int token = 0; token < vocabulary.size(); token++) {
                out.write(vocabulary.length(token));
                if (vocabulary.contains(token)) {
                    out.write(vocabulary.bytes(token));
                }
            }
            out.flush();
            target.commit();
        }
    }
}
