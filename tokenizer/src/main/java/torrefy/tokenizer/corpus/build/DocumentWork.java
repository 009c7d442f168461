package torrefy.tokenizer.corpus.build;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import torrefy.core.data.FileHash;
import torrefy.tokenizer.Utf8;
import torrefy.tokenizer.corpus.clean.Cleaned;
import torrefy.tokenizer.corpus.clean.DocumentCleaner;
import torrefy.tokenizer.corpus.dedup.MinHash;
import torrefy.tokenizer.corpus.filter.FilterChain;
import torrefy.tokenizer.corpus.read.Document;

/// All that is done to a document by itself: cleaned, filtered, hashed. The costly part of building a corpus, and
/// stateless, so all threads do it.
///
/// @param hash null if near duplicates are kept
record DocumentWork(DocumentCleaner cleaner, FilterChain filters, MinHash hash) {

    /// What became of a document.
    ///
    /// @param events what filters did, the rejection last; null if cleaning dropped it
    /// @param stored null if it is not kept
    /// @param signature null if it is not kept, or none is wanted
    record Outcome(
            Document document,
            Cleaned cleaned,
            List<FilterChain.Event> events,
            StoredDocument stored,
            int[] signature) {}

    Outcome process(Document document, int origin) {
        Cleaned cleaned = cleaner.clean(document);
        if (!cleaned.isKept()) {
            return new Outcome(document, cleaned, null, null, null);
        }
        String text = new String(cleaned.text(), StandardCharsets.UTF_8);
        FilterChain.Verdict verdict = filters.judge(text, document.form());
        if (!verdict.isKept()) {
            return new Outcome(document, cleaned, verdict.events(), null, null);
        }
        byte[] bytes = verdict.view().text().equals(text)
                ? cleaned.text()
                : Utf8.encode(verdict.view().text());
        ByteBuffer key = ByteBuffer.wrap(FileHash.sha256().digest(bytes));
        StoredDocument stored = new StoredDocument(
                key.getLong(),
                key.getLong(),
                document.source(),
                origin,
                document.form(),
                document.from(),
                document.to(),
                changes(cleaned, verdict),
                bytes);
        int[] signature = hash == null ? null : hash.signature(verdict.view());
        return new Outcome(document, cleaned, verdict.events(), stored, signature);
    }

    private String changes(Cleaned cleaned, FilterChain.Verdict verdict) {
        List<String> changes = new ArrayList<>();
        cleaned.changes().forEach(change -> changes.add(change.step().label()));
        verdict.events()
                .forEach(event ->
                        changes.add(filters.filters().get(event.filter()).name() + " (" + event.why() + ")"));
        return String.join(", ", changes);
    }
}
