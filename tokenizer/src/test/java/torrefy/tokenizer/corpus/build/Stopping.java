package torrefy.tokenizer.corpus.build;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import torrefy.tokenizer.corpus.filter.FilterChain;
import torrefy.tokenizer.corpus.filter.TextFilter;
import torrefy.tokenizer.corpus.filter.TextView;

/// Rejects every seventh document, and after some number of them ends the run.
record Stopping(int after, AtomicInteger seen) implements TextFilter {

    static FilterChain after(int documents) {
        return new FilterChain(List.of(new Stopping(documents, new AtomicInteger())));
    }

    @Override
    public String name() {
        return "stopping";
    }

    @Override
    public String source() {
        return "a test";
    }

    @Override
    public Judgement judge(TextView text) {
        if (seen.incrementAndGet() > after) {
            throw new IllegalStateException("stopped");
        }
        boolean isRejected = text.text().hashCode() % 7 == 0;
        return new Judgement(isRejected ? null : text.text(), isRejected ? "seven" : null);
    }
}
