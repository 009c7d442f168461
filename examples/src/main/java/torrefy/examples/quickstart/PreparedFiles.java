package torrefy.examples.quickstart;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;
import torrefy.core.data.AtomicFile;
import torrefy.core.data.FileHash;
import torrefy.model.checkpoint.RunFacts;

/// What is known of the files that training reads: `prepared.properties`, written when all of them are complete, says
/// by hash what is in them. A run that goes on reads what it read before, or prepares it again; never half a file.
final class PreparedFiles {

    private static final String CORPUS = "corpus";
    private static final String VOCABULARY = "vocabulary";
    private static final String FROM = "from";
    private static final String NOTHING = "nothing";
    private static final String VALIDATION_BYTES = "validation_bytes";
    private static final String GZIP = "gzip_bits_per_byte";
    private static final String PROMPT = "prompt.";
    private static final String HASH = "sha256.";

    /// Of all that the file says otherwise.
    private static final String CHECKSUM = "crc32c";

    private final RunFolder folder;
    private final Map<String, String> asked;

    PreparedFiles(RunFolder folder, QuickstartOptions options) {
        this.folder = folder;
        this.asked = Map.of(
                CORPUS,
                options.corpus() == null ? "the JDK's sources" : place(options.corpus()),
                VOCABULARY,
                Integer.toString(options.model().vocabulary()),
                FROM,
                options.model() instanceof TrainedModel trained ? place(trained.folder()) : NOTHING);
    }

    private static String place(Path path) {
        return path.toAbsolutePath().normalize().toString();
    }

    /// The hash of each file, by its name.
    Map<Path, String> hashes() throws IOException {
        return Map.of(
                folder.tokenizer(), FileHash.sha256(folder.tokenizer()),
                folder.trainShard(), FileHash.sha256(folder.trainShard()),
                folder.validationShard(), FileHash.sha256(folder.validationShard()));
    }

    /// Writes down that the files are complete.
    void write(PreparedText text) throws IOException {
        Properties known = new Properties();
        known.putAll(asked);
        known.setProperty(VALIDATION_BYTES, Long.toString(text.validationBytes()));
        known.setProperty(GZIP, Double.toString(text.gzipBitsPerByte()));
        for (int i = 0; i < text.prompts().size(); i++) {
            known.setProperty(PROMPT + i, text.prompts().get(i));
        }
        hashes().forEach((file, hash) -> known.setProperty(HASH + file.getFileName(), hash));
        known.setProperty(CHECKSUM, checksum(known));
        StringWriter out = new StringWriter();
        known.store(out, null);
        AtomicFile.write(folder.prepared(), out.toString());
    }

    /// What was prepared before, if it is complete and what it was; if it is not, a line on stdout says so.
    ///
    /// @throws OtherRunException if another corpus, vocabulary or model to begin with was asked for then
    Optional<PreparedText> read() throws IOException {
        if (!Files.exists(folder.prepared())) {
            System.out.println("the text was not ready yet: it is prepared from the beginning");
            return Optional.empty();
        }
        Properties known = new Properties();
        try {
            known.load(new StringReader(Files.readString(folder.prepared())));
        } catch (IllegalArgumentException | CharacterCodingException e) {
            // An escape that is none, a byte that is no character: no checksum either.
            known.clear();
        }
        if (!checksum(known).equals(known.getProperty(CHECKSUM))) {
            System.out.println(folder.prepared() + " is damaged: the text is prepared again");
            return Optional.empty();
        }
        return checked(known);
    }

    private static String checksum(Properties known) {
        Map<Object, Object> inOrder = new TreeMap<>(known);
        inOrder.remove(CHECKSUM);
        CRC32C sum = new CRC32C();
        sum.update(inOrder.toString().getBytes(StandardCharsets.UTF_8));
        return Long.toHexString(sum.getValue());
    }

    private Optional<PreparedText> checked(Properties known) throws IOException {
        Map<String, String> before = Map.of(
                CORPUS, known.getProperty(CORPUS),
                VOCABULARY, known.getProperty(VOCABULARY),
                FROM, known.getProperty(FROM));
        new RunFacts(asked, Map.of()).changesSince(new RunFacts(before, Map.of()));
        for (Path file : List.of(folder.tokenizer(), folder.trainShard(), folder.validationShard())) {
            String hash = known.getProperty(HASH + file.getFileName());
            if (!Files.exists(file) || !FileHash.sha256(file).equals(hash)) {
                System.out.println(file + " is missing or damaged: the text is prepared again");
                return Optional.empty();
            }
        }
        List<String> prompts = IntStream.iterate(0, i -> known.containsKey(PROMPT + i), i -> i + 1)
                .mapToObj(i -> known.getProperty(PROMPT + i))
                .toList();
        return Optional.of(new PreparedText(
                folder.loadTokenizer(),
                Long.parseLong(known.getProperty(VALIDATION_BYTES)),
                Double.parseDouble(known.getProperty(GZIP)),
                prompts));
    }
}
