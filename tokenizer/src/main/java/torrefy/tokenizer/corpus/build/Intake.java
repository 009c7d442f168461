package torrefy.tokenizer.corpus.build;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import torrefy.tokenizer.corpus.read.Document;
import torrefy.tokenizer.corpus.read.DocumentSink;
import torrefy.tokenizer.corpus.read.DocumentSource;

/// Reads a source in a thread of its own, ahead of those who work on the documents, and hands them over in batches: one
/// is read while another is worked on, and no more are in memory.
final class Intake implements AutoCloseable {

    private static final int MOST_DOCUMENTS = 2048;
    private static final long ENOUGH_BYTES = 4L << 20;

    /// Documents that belong together only by having been read in a row, and what could not be read meanwhile.
    ///
    /// @param last whether the source has come to its end
    record Batch(List<Document> documents, List<String> complaints, boolean last) {}

    private final BlockingQueue<Batch> batches = new ArrayBlockingQueue<>(1);
    private final Thread reader;
    private volatile Throwable failure;

    /// @param prefix goes before the name of each document
    /// @param documentsBefore how many of the documents that come first are passed over, because they were worked on
    ///     before a kill
    /// @param complaintsBefore and how many complaints
    Intake(DocumentSource source, String prefix, int largestDocument, long documentsBefore, long complaintsBefore) {
        reader = Thread.ofPlatform().daemon().name("corpus-intake").start(() -> {
            Collector collector = new Collector(prefix, largestDocument, documentsBefore, complaintsBefore);
            try {
                source.read(collector);
            } catch (IOException e) {
                // A source that is one file breaks as a whole; in a folder a file costs itself only.
                collector.complain(e.getMessage());
            } catch (RuntimeException | Error e) {
                failure = e;
            }
            collector.pass(true);
        });
    }

    Batch next() throws IOException {
        try {
            Batch batch = batches.take();
            if (failure instanceof Error error) {
                throw error;
            }
            if (failure instanceof RuntimeException exception) {
                throw exception;
            }
            return batch;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while reading", e);
        }
    }

    @Override
    public void close() {
        reader.interrupt();
    }

    private final class Collector implements DocumentSink {
        private final String prefix;
        private final int largestDocument;
        private List<Document> documents = new ArrayList<>();
        private List<String> complaints = new ArrayList<>();
        private long documentsBefore;
        private long complaintsBefore;
        private long bytes;

        Collector(String prefix, int largestDocument, long documentsBefore, long complaintsBefore) {
            this.prefix = prefix;
            this.largestDocument = largestDocument;
            this.documentsBefore = documentsBefore;
            this.complaintsBefore = complaintsBefore;
        }

        @Override
        public void document(Document document) {
            if (documentsBefore > 0) {
                documentsBefore--;
                return;
            }
            documents.add(document.withSource(prefix + document.source()));
            bytes += document.bytes().length;
            if (documents.size() >= MOST_DOCUMENTS || bytes >= ENOUGH_BYTES) {
                pass(false);
            }
        }

        @Override
        public void unreadable(String source, String why) {
            complain(prefix + source + ": " + why);
        }

        @Override
        public void tooLarge(String source, long size) {
            complain(prefix + source + ": too large: " + (size < 0 ? "more than " + largestDocument : size)
                    + " bytes, at most " + largestDocument + " are read");
        }

        void complain(String line) {
            if (complaintsBefore > 0) {
                complaintsBefore--;
            } else {
                complaints.add(line);
            }
        }

        void pass(boolean last) {
            try {
                batches.put(new Batch(documents, complaints, last));
            } catch (InterruptedException e) {
                // Nobody reads on: the source hears that there is enough.
                Thread.currentThread().interrupt();
            }
            documents = new ArrayList<>();
            complaints = new ArrayList<>();
            bytes = 0;
        }

        @Override
        public int largestDocument() {
            return largestDocument;
        }

        @Override
        public boolean hasEnough() {
            return Thread.currentThread().isInterrupted();
        }
    }
}
