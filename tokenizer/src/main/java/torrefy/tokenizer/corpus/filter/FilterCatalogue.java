package torrefy.tokenizer.corpus.filter;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/// All filters by name, and profiles: filters that judge one kind of text, together, under one name. A filter passes
/// over texts of other kinds, so that profiles can be joined.
public final class FilterCatalogue {

    private static final int GOPHER_MOST_WORDS = 100_000;

    private static final Map<String, Supplier<TextFilter>> ALL = new LinkedHashMap<>();

    private static final Map<String, List<String>> PROFILES = new LinkedHashMap<>();

    static {
        PROFILES.put("prose", List.of("gopher-quality", "gopher-repetition", "fineweb", "mask-personal"));
        PROFILES.put("code", List.of("code-quality", "mask-personal"));
        PROFILES.put("none", List.of());
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

    /// The names of the filters in each profile.
    public static Map<String, List<String>> profiles() {
        return Collections.unmodifiableMap(PROFILES);
    }

    /// The same with the filters of profiles in their place. One that is named twice stands where it is named last:
    /// what masks then sees what all others have left.
    public static List<String> expanded(List<String> names) {
        Set<String> filters = new LinkedHashSet<>();
        for (String name : names) {
            for (String filter : PROFILES.getOrDefault(name, List.of(name))) {
                filters.remove(filter);
                filters.add(filter);
            }
        }
        return List.copyOf(filters);
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
            throw new IllegalArgumentException("there is no filter '" + name + "'; there are "
                    + String.join(", ", names()) + ", and the profiles " + String.join(", ", PROFILES.keySet()));
        }
        return filter.get();
    }

    public static FilterChain chain(List<String> names) {
        return new FilterChain(
                expanded(names).stream().map(FilterCatalogue::named).toList());
    }
}
