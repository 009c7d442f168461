package torrefy.tokenizer.corpus.filter;

import java.util.ArrayList;
import java.util.List;
import torrefy.tokenizer.Utf8;
import torrefy.tokenizer.corpus.read.TextForm;

/// Filters in a row: each gets what the one before it let through.
public record FilterChain(List<TextFilter> filters) {

    /// What became of a text.
    ///
    /// @param view the text as the filters left it; null if one rejected it
    /// @param events the filters, by their place in the chain, that rejected or changed it, the rejecting one last
    public record Verdict(TextView view, List<Event> events) {

        public boolean isKept() {
            return view != null;
        }
    }

    /// @param filter its place in the chain
    /// @param why in a few words
    /// @param bytes of UTF-8 that it took away: all of them, if it rejected the text
    public record Event(int filter, String why, long bytes) {}

    public FilterChain {
        filters = List.copyOf(filters);
    }

    public Verdict judge(String text, TextForm form) {
        List<Event> events = List.of();
        TextView view = new TextView(text, form);
        for (int i = 0; i < filters.size(); i++) {
            TextFilter filter = filters.get(i);
            if (!filter.appliesTo(form)) {
                continue;
            }
            TextFilter.Judgement judgement = filter.judge(view);
            if (judgement.why() != null) {
                events = events.isEmpty() ? new ArrayList<>(2) : events;
                long left = judgement.isRejected() ? 0 : Utf8.encode(judgement.text()).length;
                events.add(new Event(i, judgement.why(), Utf8.encode(view.text()).length - left));
            }
            if (judgement.isRejected()) {
                return new Verdict(null, events);
            }
            view = judgement.text().equals(view.text()) ? view : new TextView(judgement.text(), form);
        }
        return new Verdict(view, events);
    }

    /// The names of the filters that a text of this form passes through.
    public List<String> names(TextForm form) {
        return filters.stream()
                .filter(filter -> filter.appliesTo(form))
                .map(TextFilter::name)
                .toList();
    }
}
