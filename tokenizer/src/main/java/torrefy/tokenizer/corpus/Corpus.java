package torrefy.tokenizer.corpus;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import torrefy.core.data.FileHash;
import torrefy.tokenizer.corpus.clean.Cleaned;
import torrefy.tokenizer.corpus.clean.CleaningStep;
import torrefy.tokenizer.corpus.clean.DocumentCleaner;
import torrefy.tokenizer.corpus.read.Document;
import torrefy.tokenizer.corpus.read.DocumentSink;
import torrefy.tokenizer.corpus.read.DocumentSource;

/// Clean documents, divided into those to train on and those held out.
///
/// @param name where they come from
/// @param training in the order of the source
/// @param validation held out: none of them is also in `training`
/// @param report what cleaning did
public record Corpus(String name, List<Document> training, List<Document> validation, CleaningReport report) {

    /// Reads a source, cleans its documents, drops exact duplicates and holds some out.
    ///
    /// The SHA-256 of a cleaned document decides what becomes of it: two with the same are duplicates, and one whose
    /// first 53 bits, as a fraction, lie below the validation fraction is held out. If that holds out none, the
    /// document with the lowest hash is held out, provided that there are two or more.
    ///
    /// @throws IOException if the source cannot be read or nothing is left after cleaning; the message is one line
    public static Corpus collect(DocumentSource source, CleaningConfig config) throws IOException {
        Collector collector = new Collector(source.name(), config);
        source.read(collector);
        return collector.corpus();
    }

    /// Bytes of text to train on.
    public long trainingBytes() {
        return bytes(training);
    }

    /// Bytes of text held out.
    public long validationBytes() {
        return bytes(validation);
    }

    static long bytes(List<Document> documents) {
        return documents.stream().mapToLong(document -> document.bytes().length).sum();
    }

    /// The first half of a SHA-256: enough that no two different documents share it.
    private record Hash(long high, long low) {

        /// Uniform in [0, 1).
        double fraction() {
            return (high >>> 11) * 0x1p-53;
        }
    }

    private static final class Collector implements DocumentSink {
        private final CleaningConfig config;
        private final CleaningReport report;
        private final DocumentCleaner cleaner;
        private final String name;
        private final MessageDigest digest = FileHash.sha256();
        private final Set<Hash> seen = new HashSet<>();
        private final List<Document> training = new ArrayList<>();
        private final List<Document> validation = new ArrayList<>();
        private double lowestTrainingFraction = 1;
        private int lowestTraining = -1;
        private long kept;

        Collector(String name, CleaningConfig config) {
            this.name = name;
            this.config = config;
            report = new CleaningReport(name);
            cleaner = new DocumentCleaner(config.rules());
        }

        @Override
        public void document(Document document) {
            report.read(document.bytes().length);
            Cleaned cleaned = cleaner.clean(document);
            report.took(cleaned);
            if (!cleaned.isKept()) {
                return;
            }
            Document clean = document.withText(cleaned.text());
            ByteBuffer hashed = ByteBuffer.wrap(digest.digest(clean.bytes()));
            Hash hash = new Hash(hashed.getLong(), hashed.getLong());
            if (!seen.add(hash)) {
                report.took(CleaningStep.DUPLICATE, clean.bytes().length);
                return;
            }
            kept += clean.bytes().length;
            if (hash.fraction() < config.validationFraction()) {
                validation.add(clean);
                return;
            }
            if (hash.fraction() < lowestTrainingFraction) {
                lowestTrainingFraction = hash.fraction();
                lowestTraining = training.size();
            }
            training.add(clean);
        }

        @Override
        public void unreadable(String source, String why) {
            report.read(0);
            report.took(CleaningStep.UNREADABLE, 0);
            report.note("unreadable: " + source + ": " + why);
        }

        @Override
        public void tooLarge(String source, long bytes) {
            report.read(0);
            report.took(CleaningStep.TOO_LARGE, 0);
            report.note("too large: " + source + ": " + (bytes < 0 ? "more than " + config.largestDocument() : bytes)
                    + " bytes, at most " + config.largestDocument() + " are read");
        }

        @Override
        public int largestDocument() {
            return config.largestDocument();
        }

        @Override
        public boolean hasEnough() {
            return kept >= config.byteLimit();
        }

        Corpus corpus() throws IOException {
            if (report.documentsRead() == 0) {
                throw new IOException(name + ": this corpus is empty: there is no document in it");
            }
            if (kept == 0) {
                throw new IOException(name + ": nothing in this corpus can be trained on: of " + report.documentsRead()
                        + " documents " + report.drops());
            }
            if (validation.isEmpty() && config.validationFraction() > 0 && training.size() > 1) {
                validation.add(training.remove(lowestTraining));
            }
            report.kept(training, validation, hasEnough());
            return new Corpus(name, List.copyOf(training), List.copyOf(validation), report);
        }
    }
}
