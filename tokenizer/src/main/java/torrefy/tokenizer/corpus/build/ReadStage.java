package torrefy.tokenizer.corpus.build;

import java.io.BufferedOutputStream;
import java.io.BufferedWriter;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import torrefy.core.parallel.ParallelLoop;
import torrefy.tokenizer.corpus.clean.Cleaned;
import torrefy.tokenizer.corpus.clean.DocumentCleaner;
import torrefy.tokenizer.corpus.dedup.RecordFile;
import torrefy.tokenizer.corpus.filter.Decontamination;
import torrefy.tokenizer.corpus.filter.FilterChain;
import torrefy.tokenizer.corpus.filter.Hashing;
import torrefy.tokenizer.corpus.filter.TextFilter;
import torrefy.tokenizer.corpus.pack.JsonLine;
import torrefy.tokenizer.corpus.read.Document;
import torrefy.tokenizer.corpus.read.DocumentSource;
import torrefy.tokenizer.corpus.read.ReadingRules;

/// Reads, cleans, filters and hashes all documents. Makes
///
/// - `documents.bin`, `positions.bin`: the clean texts ([DocumentStore]);
/// - `tickets.bin`: a [Ticket] for each;
/// - `signatures.bin`: its MinHash signature, if near duplicates are looked for;
/// - `samples.jsonl`, and `rejected-FILTER.jsonl` if rejects are kept;
/// - `stdin.txt`: how much was read of stdin, and its hash ([StandardInput]).
final class ReadStage implements Stage {

    static final String NAME = "1-read";

    private static final String SAMPLES = "samples.jsonl";
    private static final OpenOption[] APPENDING = {StandardOpenOption.CREATE, StandardOpenOption.APPEND};

    /// After so many bytes of documents there is a checkpoint: some seconds of work.
    private static final long CHECKPOINT_BYTES = 64 << 20;

    private final BuildSettings settings;
    private final FilterChain filters;
    private final long checkpointBytes;

    ReadStage(BuildSettings settings, FilterChain filters) {
        this(settings, filters, CHECKPOINT_BYTES);
    }

    ReadStage(BuildSettings settings, FilterChain filters, long checkpointBytes) {
        this.settings = settings;
        this.filters = filters;
        this.checkpointBytes = checkpointBytes;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String settings() {
        return new InputListing(settings).text();
    }

    @Override
    public void make(StageRun run) throws IOException {
        DocumentWork work = new DocumentWork(
                new DocumentCleaner(settings.cleaning()),
                filters,
                settings.duplicates().hash());
        try (ParallelLoop loop = new ParallelLoop(run.threads());
                Outputs outputs = new Outputs(run)) {
            for (int origin = 0; origin < settings.inputs().size(); origin++) {
                read(origin, work, loop, outputs);
            }
        }
        if (run.ledger().get("kept").documents() == 0) {
            throw new IOException(EmptyCorpus.message(run.ledger()));
        }
    }

    @Override
    public void wasMade(Path folder) throws IOException {
        if (settings.inputs().stream().anyMatch(CorpusInput::isStdin)) {
            StandardInput.refuseOther(System.in, folder);
        }
    }

    private void read(int origin, DocumentWork work, ParallelLoop loop, Outputs outputs) throws IOException {
        CorpusInput input = settings.inputs().get(origin);
        // A single file is named by its path, wherever it is; files in folders by their place in it.
        boolean isNamedByPath = Files.isRegularFile(input.path());
        String prefix = settings.inputs().size() > 1 && !isNamedByPath ? input.name() + "/" : "";
        Ledger ledger = outputs.run.ledger();
        String name = "origin/" + input.name();
        if (ledger.get(name + "/done").documents() > 0) {
            return;
        }
        long documentsBefore = ledger.get(name + "/read").documents();
        long complaintsBefore = ledger.get(name + "/unreadable").documents();
        if (input.isStdin()) {
            outputs.checkpoint();
            outputs.stdin = StandardInput.open(System.in, outputs.run.folder());
        }
        try (Intake intake = new Intake(
                        source(input, outputs.stdin),
                        prefix,
                        settings.largestDocument(),
                        documentsBefore,
                        complaintsBefore);
                WriteBehind writer = new WriteBehind()) {
            Intake.Batch batch;
            do {
                batch = intake.next();
                List<Document> documents = batch.documents();
                DocumentWork.Outcome[] outcomes = new DocumentWork.Outcome[documents.size()];
                loop.run(documents.size(), (i, worker) -> outcomes[i] = work.process(documents.get(i), origin));
                List<String> complaints = batch.complaints();
                boolean last = batch.last();
                writer.add(() -> outputs.write(outcomes, complaints, input, last));
            } while (!batch.last());
            writer.finish();
        }
    }

    private DocumentSource source(CorpusInput input, InputStream stdin) throws IOException {
        ReadingRules rules = input.encoding() == null
                ? settings.reading()
                : settings.reading().withEncoding(input.encoding());
        if (input.isStdin()) {
            return DocumentSource.of(stdin, input.name(), rules);
        }
        return input.files() == null ? DocumentSource.of(input.path(), rules) : DocumentSource.of(input.files(), rules);
    }

    /// Writes and counts what became of documents, one after another.
    private final class Outputs implements AutoCloseable {
        private final StageRun run;
        private final DocumentStore.Writer store;
        private final RecordFile.Writer tickets;
        private final DataOutputStream signatures;
        private final Samples samples;
        private final Map<String, BufferedWriter> rejects = new HashMap<>();
        private StandardInput stdin;
        private long ordinal;
        private long checkpointAt;

        Outputs(StageRun run) throws IOException {
            this.run = run;
            store = new DocumentStore.Writer(run.file("documents.bin"), run.file("positions.bin"));
            tickets = RecordFile.append(run.file("tickets.bin"), Ticket.WIDTH);
            signatures = new DataOutputStream(
                    new BufferedOutputStream(Files.newOutputStream(run.file("signatures.bin"), APPENDING), 1 << 18));
            ordinal = run.ledger().get("kept").documents();
            checkpointAt = run.ledger().get("read").bytes() + checkpointBytes;
            if (settings.keepRejects()) {
                for (TextFilter filter : filters.filters()) {
                    rejects.put(filter.name(), Files.newBufferedWriter(rejectsFile(filter.name()), APPENDING));
                }
            }
            Path samplesFile = run.file(SAMPLES);
            samples = Files.exists(samplesFile) ? Samples.resume(samplesFile) : new Samples();
        }

        /// After a kill the stage goes on after the documents that have been written so far.
        void checkpoint() throws IOException {
            store.flush();
            tickets.flush();
            signatures.flush();
            samples.write(run.file(SAMPLES));
            if (stdin != null) {
                stdin.write();
            }
            List<String> grown =
                    new ArrayList<>(List.of("documents.bin", "positions.bin", "tickets.bin", "signatures.bin"));
            for (Map.Entry<String, BufferedWriter> file : rejects.entrySet()) {
                file.getValue().flush();
                grown.add(rejectsFile(file.getKey()).getFileName().toString());
            }
            run.checkpoint(grown);
            checkpointAt = run.ledger().get("read").bytes() + checkpointBytes;
        }

        private Path rejectsFile(String filter) {
            return run.file("rejected-" + filter + ".jsonl");
        }

        /// @param last whether the input has come to its end
        void write(DocumentWork.Outcome[] outcomes, List<String> complaints, CorpusInput input, boolean last)
                throws IOException {
            String name = "origin/" + input.name();
            for (DocumentWork.Outcome outcome : outcomes) {
                write(outcome, name);
            }
            Ledger ledger = run.ledger();
            for (String complaint : complaints) {
                ledger.add("unreadable", 1, 0);
                ledger.add(name + "/unreadable", 1, 0);
                ledger.note(complaint);
            }
            if (last) {
                if (input.isStdin()) {
                    stdin.requireSame();
                }
                ledger.add(name + "/done", 1, 0);
            }
            boolean isDue = last || ledger.get("read").bytes() >= checkpointAt;
            if (isDue && (stdin == null || stdin.isSame())) {
                checkpoint();
            }
        }

        private void write(DocumentWork.Outcome outcome, String origin) throws IOException {
            Ledger ledger = run.ledger();
            int size = outcome.document().bytes().length;
            ledger.add("read", 1, size);
            ledger.add(origin + "/read", 1, size);
            ledger.add("length/read/" + Histogram.bucket(size), 1, size);
            for (Cleaned.Change change : outcome.cleaned().changes()) {
                String effect = change.step().drops() ? "cleaning/dropped/" : "cleaning/changed/";
                ledger.add(effect + change.step().label(), 1, change.bytes());
            }
            if (outcome.events() != null) {
                for (FilterChain.Event event : outcome.events()) {
                    boolean isLast = event == outcome.events().getLast();
                    boolean rejects = isLast && outcome.stored() == null;
                    String name = filters.filters().get(event.filter()).name();
                    ledger.add((rejects ? "filter/rejected/" : "filter/changed/") + name, 1, event.bytes());
                }
            }
            if (outcome.stored() == null) {
                reject(outcome);
            } else {
                keep(outcome);
            }
        }

        private void reject(DocumentWork.Outcome outcome) throws IOException {
            Document document = outcome.document();
            if (outcome.events() == null) {
                String label = outcome.cleaned().changes().getLast().step().label();
                // Bytes that are no text are not shown.
                samples.offer(
                        "dropped: " + label, Hashing.mix(document.bytes().length), document.source(), label, () -> "");
                return;
            }
            FilterChain.Event rejection = outcome.events().getLast();
            String name = filters.filters().get(rejection.filter()).name();
            String text = new String(outcome.cleaned().text(), StandardCharsets.UTF_8);
            long hash = Hashing.of(text, 0, text.length());
            samples.offer("rejected: " + name, hash, document.source(), rejection.why(), () -> text);
            if (name.equals(Decontamination.NAME)) {
                run.ledger().hit(document.source() + ": " + rejection.why());
            }
            if (settings.keepRejects()) {
                rejects.get(name).write(JsonLine.of("source", document.source(), "why", rejection.why(), "text", text));
            }
        }

        private void keep(DocumentWork.Outcome outcome) throws IOException {
            StoredDocument stored = outcome.stored();
            int size = stored.text().length;
            run.ledger().add("kept", 1, size);
            run.ledger().add("length/kept/" + Histogram.bucket(size), 1, size);
            store.add(stored);
            String place = stored.source() + ' ' + stored.from();
            tickets.add(new Ticket(
                            stored.keyHigh(),
                            stored.keyLow(),
                            Hashing.of(place, 0, place.length()),
                            ordinal++,
                            size,
                            stored.form(),
                            stored.origin())
                    .toRecord());
            if (outcome.signature() != null) {
                ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES * outcome.signature().length);
                bytes.asIntBuffer().put(outcome.signature());
                signatures.write(bytes.array());
            }
            samples.offer(
                    "kept",
                    stored.keyHigh(),
                    stored.source(),
                    stored.changes(),
                    () -> new String(stored.text(), StandardCharsets.UTF_8));
        }

        @Override
        public void close() throws IOException {
            try (store;
                    tickets;
                    signatures) {
                for (BufferedWriter file : rejects.values()) {
                    file.close();
                }
            }
        }
    }

    /// Where `1-read` keeps its documents.
    static DocumentStore store(StageRun run) throws IOException {
        Path documents = run.of(NAME, "documents.bin");
        return new DocumentStore(documents, run.of(NAME, "positions.bin"));
    }
}
