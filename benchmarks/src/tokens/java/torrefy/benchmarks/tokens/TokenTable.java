package torrefy.benchmarks.tokens;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import torrefy.benchmarks.table.Duel;
import torrefy.benchmarks.table.Table;
import torrefy.core.parallel.ParallelLoop;
import torrefy.tokenizer.BpeConfig;
import torrefy.tokenizer.BpeTrainer;
import torrefy.tokenizer.TiktokenFile;
import torrefy.tokenizer.Tokenizer;
import torrefy.tokenizer.TokenizerJson;
import torrefy.tokenizer.corpus.read.Document;
import torrefy.tokenizer.corpus.read.DocumentSink;
import torrefy.tokenizer.corpus.read.DocumentSource;
import torrefy.tokenizer.corpus.read.JdkSources;

/// The program: encoding, decoding and training in megabytes a second, each contender in turn. The text is 20 MB of the
/// JDK's sources, and, if a path is given, as much of what lies there.
public final class TokenTable {

    private static final int BYTES = 20_000_000;
    /// Pathological texts, and the sample for slow contenders.
    private static final int FEW_BYTES = 10_000_000;

    private static final Duel DUEL = new Duel(2, 5, 0.1);

    private TokenTable() {}

    /// @param args nothing, or a file or folder with text of another kind
    public static void main(String[] args) throws IOException {
        System.setProperty("ai.djl.offline", "true");
        Map<String, String> texts = new LinkedHashMap<>();
        texts.put("Java", text(JdkSources.find("java.base")));
        if (args.length > 0) {
            texts.put("other text", text(DocumentSource.of(Path.of(args[0]))));
        }
        Table table = new Table(Double.NaN);
        encode(table, texts);
        others(table, texts);
        System.exit(0);
    }

    private static String text(DocumentSource source) throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        source.read(new DocumentSink() {
            @Override
            public void document(Document document) {
                text.writeBytes(document.bytes());
            }

            @Override
            public void unreadable(String name, String why) {}

            @Override
            public void tooLarge(String name, long bytes) {}

            @Override
            public int largestDocument() {
                return BYTES;
            }

            @Override
            public boolean hasEnough() {
                return text.size() >= BYTES;
            }
        });
        return text.toString(StandardCharsets.UTF_8);
    }

    private static void encode(Table table, Map<String, String> texts) throws IOException {
        table.head("encode a String, one thread", "MB/s", "torrefy", "jtokkit", "HF Rust");
        for (EncodingType type :
                List.of(EncodingType.CL100K_BASE, EncodingType.R50K_BASE, EncodingType.O200K_BASE)) {
            Tokenizer tokenizer = published(type);
            Encoding jtokkit = Encodings.newLazyEncodingRegistry().getEncoding(type);
            try (HuggingFaceTokenizer rust = rust(tokenizer)) {
                for (Map.Entry<String, String> text : texts.entrySet()) {
                    String whole = text.getValue();
                    // What takes seconds for all of it is measured on a part.
                    String part = whole.substring(0, Math.min(whole.length(), 1_000_000));
                    double[] seconds = DUEL.seconds(
                            () -> tokenizer.encode(whole), () -> jtokkit.encodeOrdinary(whole), () -> rust.encode(part, false, false));
                    double bytes = whole.getBytes(StandardCharsets.UTF_8).length;
                    seconds[2] *= bytes / part.getBytes(StandardCharsets.UTF_8).length;
                    table.rates(type.getName() + ", " + text.getKey(), bytes * 1e-6, seconds, Double.NaN);
                }
            }
        }
        table.printSummary();
    }

    private static Tokenizer published(EncodingType type) throws IOException {
        try (InputStream in =
                Encodings.class.getResourceAsStream("/com/knuddels/jtokkit/" + type.getName() + ".tiktoken")) {
            return TiktokenFile.parse(in.readAllBytes(), TiktokenFile.known(type.getName()));
        }
    }

    private static HuggingFaceTokenizer rust(Tokenizer tokenizer) throws IOException {
        Path file = Files.createTempFile("tokenizer", ".json");
        try {
            TokenizerJson.write(tokenizer, file);
            return HuggingFaceTokenizer.builder()
                    .optTokenizerPath(file)
                    .optTruncation(false)
                    .build();
        } finally {
            Files.delete(file);
        }
    }

    /// What there is nobody else to compare with: the first of two numbers over the second.
    private static void others(Table table, Map<String, String> texts) throws IOException {
        int processors = Runtime.getRuntime().availableProcessors();
        try (ParallelLoop loop = new ParallelLoop(processors)) {
            for (Map.Entry<String, String> entry : texts.entrySet()) {
                byte[] text = entry.getValue().getBytes(StandardCharsets.UTF_8);
                table.head("encode bytes of " + entry.getKey() + ", " + processors + " threads and one", "MB/s", "threads", "one");
                List<Tokenizer> tokenizers = new ArrayList<>(List.of(published(EncodingType.CL100K_BASE)));
                for (int vocabulary : new int[] {4_096, 32_768}) {
                    try (BpeTrainer trainer = new BpeTrainer(BpeConfig.of(vocabulary))) {
                        trainer.add(text);
                        tokenizers.add(trainer.train());
                    }
                }
                for (Tokenizer tokenizer : tokenizers) {
                    double[] seconds = DUEL.seconds(() -> tokenizer.encode(text, loop), () -> tokenizer.encode(text));
                    table.rates(tokenizer.vocabularySize() + " tokens", text.length * 1e-6, seconds, Double.NaN);
                }
                Tokenizer last = tokenizers.getLast();
                int[] tokens = last.encode(text);
                double[] decoding = DUEL.seconds(() -> last.decode(tokens));
                System.out.printf(Locale.ROOT, "decode: %.0f MB/s%n", text.length * 1e-6 / decoding[0]);
            }
        }
        Tokenizer tokenizer = published(EncodingType.CL100K_BASE);
        byte[] prose = texts.values().iterator().next().substring(0, FEW_BYTES).getBytes(StandardCharsets.UTF_8);
        table.head("encode what is hard, cl100k", "MB/s", "hard", "Java");
        for (Map.Entry<String, byte[]> hard : hardTexts().entrySet()) {
            double[] seconds = DUEL.seconds(() -> tokenizer.encode(hard.getValue()), () -> tokenizer.encode(prose));
            seconds[1] *= (double) hard.getValue().length / prose.length;
            table.rates(hard.getKey(), hard.getValue().length * 1e-6, seconds, Double.NaN);
        }
        table.printSummary();
    }

    private static Map<String, byte[]> hardTexts() {
        Random random = new Random(1);
        Map<String, byte[]> texts = new LinkedHashMap<>();
        byte[] bytes = new byte[FEW_BYTES];
        Arrays.fill(bytes, (byte) 'a');
        texts.put("one letter", bytes);
        bytes = new byte[FEW_BYTES];
        Arrays.fill(bytes, (byte) ' ');
        texts.put("spaces", bytes);
        bytes = new byte[FEW_BYTES];
        random.nextBytes(bytes);
        texts.put("random bytes", bytes);
        StringBuilder emoji = new StringBuilder();
        while (emoji.length() < FEW_BYTES / 2) {
            emoji.appendCodePoint(0x1F300 + random.nextInt(0x300));
        }
        texts.put("random emoji", emoji.toString().getBytes(StandardCharsets.UTF_8));
        return texts;
    }
}
