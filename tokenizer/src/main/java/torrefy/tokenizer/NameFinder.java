package torrefy.tokenizer;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;

/// Finds names of tokens in the bytes of a text; of those that begin at one place, the longest.
final class NameFinder {

    private final byte[][] names;
    private final int[] tokens;
    /// By the first byte, whether a name begins with it.
    private final boolean[] begins = new boolean[256];

    NameFinder(Map<String, Integer> ids) {
        String[] longestFirst = ids.keySet().stream()
                .sorted(Comparator.comparing(name -> -Utf8.encode(name).length))
                .toArray(String[]::new);
        names = Arrays.stream(longestFirst).map(Utf8::encode).toArray(byte[][]::new);
        tokens = Arrays.stream(longestFirst).mapToInt(ids::get).toArray();
        for (byte[] name : names) {
            begins[name[0] & 0xff] = true;
        }
    }

    /// Whether there is nothing to find.
    boolean isEmpty() {
        return names.length == 0;
    }

    /// The number of the name that begins at `at` and ends before `to`, or -1.
    int at(byte[] text, int at, int to) {
        if (!begins[text[at] & 0xff]) {
            return -1;
        }
        for (int i = 0; i < names.length; i++) {
            int end = at + names[i].length;
            if (end <= to && Arrays.equals(text, at, end, names[i], 0, names[i].length)) {
                return i;
            }
        }
        return -1;
    }

    int length(int name) {
        return names[name].length;
    }

    int token(int name) {
        return tokens[name];
    }
}
