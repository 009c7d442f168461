package torrefy.tokenizer;

import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Tokens that stand for no text: marks such as the end of a document. Each has a name, which is also what it decodes
/// to. That name in a plain text is plain text; only a caller who allows it turns it into the mark.
///
/// Some may be words instead, which were added to a vocabulary after it was learned, as Qwen 3's `<think>`: their names
/// become the token in every text.
public final class SpecialTokens {

    /// The mark after every document, named as GPT-2 names it.
    public static final String END_OF_TEXT = "<|endoftext|>";

    /// The mark after every document, as GPT-2 and Qwen, Llama 3, and Mistral name it.
    static final List<String> ENDS_OF_TEXT = List.of(END_OF_TEXT, "<|end_of_text|>", "</s>");

    private final Map<String, Integer> ids;
    private final Set<String> words;

    /// @param ids name to token id
    public SpecialTokens(Map<String, Integer> ids) {
        this(ids, Set.of());
    }

    /// @param ids name to token id
    /// @param words the names that become the token in every text; without white space, before which long texts are cut
    public SpecialTokens(Map<String, Integer> ids, Set<String> words) {
        Map<String, Integer> ordered = new LinkedHashMap<>();
        ids.entrySet().stream()
                .sorted(Map.Entry.comparingByValue())
                .forEach(entry -> ordered.put(requireName(entry.getKey()), entry.getValue()));
        this.ids = Collections.unmodifiableMap(ordered);
        if (Set.copyOf(ids.values()).size() < ids.size()) {
            throw new IllegalArgumentException("two special tokens have the same id: " + this.ids);
        }
        this.words = Set.copyOf(words);
        words.forEach(this::id);
        words.stream()
                .filter(word -> word.chars().anyMatch(Character::isWhitespace))
                .forEach(word -> {
                    throw new IllegalArgumentException(
                            "the added word '" + word + "' has white space, which is not supported");
                });
    }

    private static String requireName(String name) {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("a special token needs a name");
        }
        return name;
    }

    /// Names and ids, in the order of the ids.
    public Map<String, Integer> ids() {
        return ids;
    }

    public Set<String> names() {
        return ids.keySet();
    }

    /// The names that become the token in every text.
    public Set<String> words() {
        return words;
    }

    /// Finds them.
    NameFinder wordFinder() {
        return new NameFinder(words.stream().collect(Collectors.toMap(word -> word, ids::get)));
    }

    /// Whether a token is special.
    public boolean contains(int token) {
        return ids.containsValue(token);
    }

    /// The id of a special token.
    ///
    /// @throws IllegalArgumentException if there is none of that name
    public int id(String name) {
        Integer id = ids.get(name);
        if (id == null) {
            throw new IllegalArgumentException("no special token is named " + name + "; there are " + names());
        }
        return id;
    }

    /// Finds these names in a text. Where one begins with another, the longer one is found.
    Pattern finder(Collection<String> names) {
        names.forEach(this::id);
        return Pattern.compile(names.stream()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .map(Pattern::quote)
                .collect(Collectors.joining("|")));
    }
}
