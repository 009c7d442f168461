package torrefy.tokenizer.corpus.build;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What to say when nothing is left: who took what.
final class EmptyCorpus {

    private EmptyCorpus() {}

    static String message(Ledger ledger) {
        long read = ledger.get("read").documents();
        List<String> takers = new ArrayList<>();
        for (String prefix : List.of("cleaning/dropped/", "filter/rejected/")) {
            for (Map.Entry<String, Ledger.Count> taker : ledger.under(prefix).entrySet()) {
                takers.add(taker.getValue().documents() + " " + taker.getKey());
            }
        }
        long unreadable = ledger.get("unreadable").documents();
        if (unreadable > 0) {
            takers.add(
                    unreadable + " could not be read, first " + ledger.notes().getFirst());
        }
        return read == 0 && unreadable == 0
                ? "there is no document in the input"
                : "nothing of the corpus is left: of " + read + " documents read " + String.join(", ", takers);
    }
}
