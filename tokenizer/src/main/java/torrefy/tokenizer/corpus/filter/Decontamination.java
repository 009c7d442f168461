package torrefy.tokenizer.corpus.filter;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import torrefy.tokenizer.corpus.clean.Cleaned;
import torrefy.tokenizer.corpus.clean.CleaningRules;
import torrefy.tokenizer.corpus.clean.DocumentCleaner;
import torrefy.tokenizer.corpus.read.Document;
import torrefy.tokenizer.corpus.read.DocumentSink;
import torrefy.tokenizer.corpus.read.DocumentSource;
import torrefy.tokenizer.corpus.read.ReadingRules;
import torrefy.tokenizer.corpus.read.TextForm;

/// Keeps texts that a model will be judged by out of what it learns from: a text that shares so many words in a row
/// with one of them, case and punctuation aside, is rejected as a whole (Brown et al., *Language Models are Few-Shot
/// Learners*, arXiv 2005.14165, appendix C; 13 is their number, they cut out 200 characters around the place).
///
/// The evaluation texts are extracted and cleaned as those of a corpus are, so that the same text has the same words:
/// in another encoding, not composed, as Markdown. A text of fewer words has no run of so many and cannot be found.
///
/// The n-grams of the evaluation texts are held in memory as 64-bit hashes.
public final class Decontamination implements TextFilter {

    public static final String NAME = "decontaminate";

    /// In a row: the number of Brown et al.
    public static final int STANDARD_WORDS = 13;

    private static final ReadingRules READING =
            ReadingRules.standard().withExtraction(true).withPartBytes(1 << 24);

    /// Nothing is too short to be kept out.
    private static final CleaningRules CLEANING = new CleaningRules(0, 0.001, false, true);

    private final int words;

    /// For each n-gram the place of its document in `documents`.
    private final LongTable grams;

    private final List<String> documents;

    private final int tooShort;

    private Decontamination(int words, LongTable grams, List<String> documents, int tooShort) {
        this.words = words;
        this.grams = grams;
        this.documents = documents;
        this.tooShort = tooShort;
    }

    /// @param files of any kind that [DocumentSource] reads
    /// @param words in a row that no text may share with them
    /// @throws IOException if one cannot be read or has no text of so many words
    /// @throws IllegalArgumentException if words are fewer than 2
    public static Decontamination of(List<Path> files, int words) throws IOException {
        if (words < 2) {
            throw new IllegalArgumentException("words in a row must be at least 2, got " + words);
        }
        LongTable grams = new LongTable();
        List<String> names = new ArrayList<>();
        int tooShort = 0;
        for (Path file : files) {
            int shortBefore = tooShort;
            List<Document> documents = documents(file);
            for (Document document : documents) {
                int number = names.size();
                names.add(document.source());
                long[] runs = {0};
                new Run(new TextView(cleanText(document), TextForm.PROSE), words).forEach((hash, word) -> {
                    grams.putIfAbsent(hash, number);
                    runs[0]++;
                    return true;
                });
                tooShort += runs[0] == 0 ? 1 : 0;
            }
            if (tooShort - shortBefore == documents.size()) {
                throw new IOException(file + ": no text of " + words + " words to decontaminate against");
            }
        }
        return new Decontamination(words, grams, names, tooShort);
    }

    /// What cleaning would drop, as formulas of nothing but signs, is taken as it is.
    private static String cleanText(Document document) {
        Cleaned cleaned = new DocumentCleaner(CLEANING).clean(document);
        if (cleaned.isKept()) {
            return new String(cleaned.text(), StandardCharsets.UTF_8);
        }
        return new String(document.bytes(), document.encoding() == null ? StandardCharsets.UTF_8 : document.encoding());
    }

    /// Evaluation texts.
    public int texts() {
        return documents.size();
    }

    /// Those of them that are too short to be found.
    public int tooShort() {
        return tooShort;
    }

    private static List<Document> documents(Path file) throws IOException {
        List<Document> documents = new ArrayList<>();
        List<String> broken = new ArrayList<>();
        DocumentSource.of(file, READING).read(new DocumentSink() {
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
        return "Brown et al. 2020, arXiv 2005.14165, appendix C: no " + words + " words in a row of an evaluation text";
    }

    @Override
    public Judgement judge(TextView text) {
        Judgement[] judgement = {Judgement.keep(text)};
        new Run(text, words).forEach((hash, word) -> {
            int hit = grams.get(hash);
            if (hit != LongTable.NONE) {
                String shared = text.text().substring(text.wordStart(word), text.wordEnd(lastOf(text, word)));
                judgement[0] = Judgement.reject(
                        "shares with " + documents.get(hit) + ": \"" + shared.replaceAll("\\s+", " ") + "\"");
            }
            return hit == LongTable.NONE;
        });
        return judgement[0];
    }

    /// The word that completes a run of words with letters or digits that begins with `first`.
    private int lastOf(TextView text, int first) {
        int last = first;
        int count = 1;
        while (count < words) {
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

    /// All runs of n words with letters or digits; what is nothing but punctuation is passed over.
    ///
    /// The hash of a run of words with hashes w is the polynomial Σ wᵢ·B^(n − 1 − i) modulo 2^64, which rolls: from
    /// one run to the next one word leaves and one enters, whatever the length (Karp and Rabin 1987).
    private record Run(TextView text, int n) {

        private static final long BASE = 0x9E3779B97F4A7C15L;

        private static long power(int exponent) {
            long power = 1;
            for (int i = 0; i < exponent; i++) {
                power *= BASE;
            }
            return power;
        }

        void forEach(GramSink sink) {
            long highest = power(n - 1);
            int[] places = new int[n];
            long[] hashes = new long[n];
            int seen = 0;
            int at = 0;
            long hash = 0;
            for (int i = 0; i < text.words(); i++) {
                long entering = text.wordHash(i);
                if (entering == 0) {
                    continue;
                }
                hash = (hash - highest * hashes[at]) * BASE + entering;
                hashes[at] = entering;
                places[at] = i;
                at = at + 1 == n ? 0 : at + 1;
                seen++;
                // The oldest of the last n is the one that leaves next.
                if (seen >= n && !sink.accept(hash, places[at])) {
                    return;
                }
            }
        }
    }
}
