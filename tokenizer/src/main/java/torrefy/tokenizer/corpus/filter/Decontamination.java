package torrefy.tokenizer.corpus.filter;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import torrefy.tokenizer.corpus.read.Document;
import torrefy.tokenizer.corpus.read.DocumentSink;
import torrefy.tokenizer.corpus.read.DocumentSource;
import torrefy.tokenizer.corpus.read.ReadingRules;
import torrefy.tokenizer.corpus.read.TextForm;

/// Keeps texts that a model will be judged by out of what it learns from: a text that shares 13 words in a row with one
/// of them, case and punctuation aside, is rejected as a whole (Brown et al., *Language Models are Few-Shot Learners*,
/// arXiv 2005.14165, appendix C; 13 is their number, they cut out 200 characters around the place).
///
/// The n-grams of the evaluation texts are held in memory as 64-bit hashes.
public final class Decontamination implements TextFilter {

    public static final String NAME = "decontaminate";

    private static final int WORDS = 13;

    private final Map<Long, String> grams;

    private Decontamination(Map<Long, String> grams) {
        this.grams = grams;
    }

    /// @param files of any kind that [DocumentSource] reads
    /// @throws IOException if one cannot be read or has no text of 13 words
    public static Decontamination of(List<Path> files) throws IOException {
        Map<Long, String> grams = new HashMap<>();
        for (Path file : files) {
            int before = grams.size();
            for (Document document : documents(file)) {
                String text = new String(document.bytes(), StandardCharsets.UTF_8);
                TextView view = new TextView(text, TextForm.PROSE);
                new Run(view).forEach((hash, word) -> {
                    grams.putIfAbsent(hash, document.source());
                    return true;
                });
            }
            if (grams.size() == before) {
                throw new IOException(file + ": no text of " + WORDS + " words to decontaminate against");
            }
        }
        return new Decontamination(grams);
    }

    private static List<Document> documents(Path file) throws IOException {
        List<Document> documents = new ArrayList<>();
        List<String> broken = new ArrayList<>();
        DocumentSource.of(file, ReadingRules.standard().withPartBytes(1 << 24)).read(new DocumentSink() {
            @Override
            public void document(Document document) {
                documents.add(document);
            }

            @Override
            public void unreadable(String source, String why) {
                broken.add(source + ": " + why);
            }

            @Override
            public void tooLarge(String source, long bytes) {
                broken.add(source + ": too large");
            }

            @Override
            public int largestDocument() {
                return 1 << 28;
            }

            @Override
            public boolean hasEnough() {
                return false;
            }
        });
        if (!broken.isEmpty()) {
            throw new IOException("evaluation text that cannot be read: " + broken.getFirst());
        }
        return documents;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String source() {
        return "Brown et al. 2020, arXiv 2005.14165, appendix C: no 13 words in a row of an evaluation text";
    }

    @Override
    public Judgement judge(TextView text) {
        Judgement[] judgement = {Judgement.keep(text)};
        new Run(text).forEach((hash, word) -> {
            String hit = grams.get(hash);
            if (hit != null) {
                String words = text.text().substring(text.wordStart(word), text.wordEnd(lastOf(text, word)));
                judgement[0] = Judgement.reject("shares with " + hit + ": \"" + words.replaceAll("\\s+", " ") + "\"");
            }
            return hit == null;
        });
        return judgement[0];
    }

    /// The word that completes 13 with letters or digits from `first` on.
    private static int lastOf(TextView text, int first) {
        int last = first;
        int count = 1;
        while (count < WORDS) {
            last++;
            count += text.wordHash(last) != 0 ? 1 : 0;
        }
        return last;
    }

    @FunctionalInterface
    private interface GramSink {

        /// @param first the word that the n-gram begins with
        /// @return whether to go on
        boolean accept(long hash, int first);
    }

    /// All runs of 13 words with letters or digits; what is nothing but punctuation is passed over.
    private record Run(TextView text) {

        void forEach(GramSink sink) {
            int[] places = new int[WORDS];
            int seen = 0;
            for (int i = 0; i < text.words(); i++) {
                if (text.wordHash(i) == 0) {
                    continue;
                }
                places[seen++ % WORDS] = i;
                if (seen >= WORDS) {
                    long hash = 0;
                    for (int j = seen - WORDS; j < seen; j++) {
                        hash = Hashing.append(hash, text.wordHash(places[j % WORDS]));
                    }
                    if (!sink.accept(hash, places[(seen - WORDS) % WORDS])) {
                        return;
                    }
                }
            }
        }
    }
}
