package torrefy.examples.command;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.Reader;
import java.io.StreamTokenizer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import torrefy.core.data.TokenShard;
import torrefy.tokenizer.Tokenizer;

/// Turns token ids into text.
@Command(
        name = "decode",
        description = "Writes the text of token ids on stdout, byte by byte what was encoded.",
        mixinStandardHelpOptions = true)
final class TokenizerDecodeCommand implements Callable<Integer> {

    private static final int BLOCK = 1 << 16;

    @Mixin
    private TokenizerChoice choice;

    @Parameters(
            arity = "0..1",
            paramLabel = "FILE",
            description = "A shard (.bin), or ids as text, with anything between them; none for ids on stdin.")
    private Path file;

    @Option(
            names = "--headerless",
            description = "FILE has tokens of two bytes each and no header, as nanoGPT's .bin files.")
    private boolean headerless;

    @Override
    public Integer call() throws IOException {
        Tokenizer tokenizer = choice.read();
        if (file != null && !Files.isRegularFile(file)) {
            throw new NoSuchFileException(file + ": no such file");
        }
        OutputStream out = new BufferedOutputStream(System.out);
        if (headerless && file == null) {
            throw new IllegalArgumentException("--headerless is about a FILE, and none was given");
        }
        if (headerless || file != null && file.toString().endsWith(".bin")) {
            decodeShard(tokenizer, out);
        } else {
            try (Reader ids = file == null
                    ? new InputStreamReader(System.in, StandardCharsets.UTF_8)
                    : Files.newBufferedReader(file)) {
                decodeText(tokenizer, ids, out);
            }
        }
        out.flush();
        return 0;
    }

    private void decodeShard(Tokenizer tokenizer, OutputStream out) throws IOException {
        try (TokenShard shard = headerless ? TokenShard.openHeaderless(file) : TokenShard.open(file)) {
            shard.requireTokensBelow(tokenizer.vocabularySize());
            int[] block = new int[BLOCK];
            for (long from = 0; from < shard.length(); from += BLOCK) {
                int count = (int) Math.min(BLOCK, shard.length() - from);
                shard.read(from, block, 0, count);
                out.write(tokenizer.decode(Arrays.copyOf(block, count)));
            }
        }
    }

    private static void decodeText(Tokenizer tokenizer, Reader text, OutputStream out) throws IOException {
        StreamTokenizer ids = new StreamTokenizer(text);
        ids.resetSyntax();
        ids.wordChars('0', '9');
        ids.wordChars('a', 'z');
        ids.wordChars('A', 'Z');
        ids.wordChars('-', '-');
        while (ids.nextToken() != StreamTokenizer.TT_EOF) {
            if (ids.ttype == StreamTokenizer.TT_WORD) {
                out.write(tokenizer.decode(id(ids.sval)));
            }
        }
    }

    private static int id(String word) {
        try {
            return Integer.parseInt(word);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + word + "' is no token id");
        }
    }
}
