package torrefy.tokenizer.corpus.filter;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/// All filters by name.
public final class FilterCatalogue {

    private static final int GOPHER_MOST_WORDS = 100_000;

    private static final Map<String, Supplier<TextFilter>> ALL = new LinkedHashMap<>();

    static {
        put(() -> new GopherQuality(GOPHER_MOST_WORDS));
        put(GopherRepetition::new);
        put(FineWeb::new);
        put(C4Pages::new);
        put(C4Lines::new);
        put(CodeQuality::new);
        put(PersonalData::new);
    }

    private FilterCatalogue() {}

    private static void put(Supplier<TextFilter> filter) {
        ALL.put(filter.get().name(), filter);
    }

    public static List<String> names() {
        return List.copyOf(ALL.keySet());
    }

    /// The filter of that name; `language=de+en` is the one that keeps these languages.
    ///
    /// @throws IllegalArgumentException if there is none; the message lists those there are
    public static TextFilter named(String name) {
        if (name.startsWith(LanguageFilter.PREFIX)) {
            return new LanguageFilter(
                    Set.of(name.substring(LanguageFilter.PREFIX.length()).split("\\+")));
        }
        Supplier<TextFilter> filter = ALL.get(name);
        if (filter == null) {
            throw new IllegalArgumentException(
                    "there is no filter '" + name + "'; there are " + String.join(", ", names()));
        }
        return filter.get();
    }

    public static FilterChain chain(List<String> names) {
        return new FilterChain(names.stream().map(FilterCatalogue::named).toList());
    }
}
