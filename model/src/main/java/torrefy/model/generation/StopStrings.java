package torrefy.model.generation;

import java.util.List;

/// Ends a text where one of some strings appears in it. Text comes in pieces that know nothing of these strings; what
/// may yet become one is held back until it cannot.
///
/// The text ends as soon as a string is complete, before its first character, however it is cut into pieces.
public final class StopStrings {

    private final List<String> strings;
    private final StringBuilder heldBack = new StringBuilder();
    private boolean found;

    /// @throws IllegalArgumentException if one is empty
    public StopStrings(List<String> strings) {
        if (strings.stream().anyMatch(String::isEmpty)) {
            throw new IllegalArgumentException("a stop string is empty; it would end every text before it begins");
        }
        this.strings = List.copyOf(strings);
    }

    /// Takes up the next piece of text.
    ///
    /// @return what is now known to belong to the text
    /// @throws IllegalStateException if the text has ended
    public String accept(String piece) {
        if (found) {
            throw new IllegalStateException("the text has ended at a stop string");
        }
        heldBack.append(piece);
        int end = firstComplete();
        found = end >= 0;
        return found ? take(end) : take(heldBack.length() - longestBeginning());
    }

    /// Whether one of the strings appeared: the text has ended.
    public boolean isFound() {
        return found;
    }

    /// The end of a text in which none appeared: what was still held back.
    public String finish() {
        return found ? "" : take(heldBack.length());
    }

    private String take(int length) {
        String text = heldBack.substring(0, length);
        heldBack.delete(0, length);
        return text;
    }

    /// Where the string begins that is complete first, of several that end together the longest; −1 if there is none.
    private int firstComplete() {
        int begin = -1;
        int end = Integer.MAX_VALUE;
        for (String string : strings) {
            int at = heldBack.indexOf(string);
            int its = at + string.length();
            if (at >= 0 && (its < end || its == end && at < begin)) {
                begin = at;
                end = its;
            }
        }
        return begin;
    }

    /// How many of the last characters are the beginning of a string.
    private int longestBeginning() {
        int longest = 0;
        for (String string : strings) {
            for (int length = Math.min(string.length() - 1, heldBack.length()); length > longest; length--) {
                if (heldBack.indexOf(string.substring(0, length), heldBack.length() - length) >= 0) {
                    longest = length;
                }
            }
        }
        return longest;
    }
}
