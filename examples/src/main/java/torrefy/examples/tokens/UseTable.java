package torrefy.examples.tokens;

import java.lang.Character.UnicodeScript;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.IntFunction;
import torrefy.tokenizer.TokenUse;

/// How vocabularies fare on the same text, a column for each.
///
/// @param names of the vocabularies
public record UseTable(List<String> names, List<TokenUse> uses) {

    private static final int SCRIPTS = 8;
    private static final int LONGEST = 6;
    private static final int LONGEST_SHOWN = 24;

    @Override
    public String toString() {
        List<List<String>> rows = new ArrayList<>();
        cells(rows, "", names::get);
        row(rows, "tokens in the vocabulary", use -> whole(use.tokenizer().vocabularySize()));
        row(rows, "bytes of text", use -> whole(use.total().bytes()));
        row(rows, "tokens in the text", use -> whole(use.total().tokens()));
        row(rows, "bytes a token", use -> decimal(use.total().bytesPerToken()));
        for (UnicodeScript script : scripts()) {
            row(rows, "  " + label(script), use -> bytesPerToken(use, script));
        }
        row(rows, "single bytes, of the tokens in the text", use -> percent(use.singleByteShare()));
        row(rows, "tokens the text does not use", use -> whole(use.unused().count()));
        row(rows, "tokens no text can use", use -> whole(use.dead().count()));
        for (int i = 0; i < LONGEST; i++) {
            int rank = i;
            row(rows, i == 0 ? "longest tokens" : "", use -> longest(use, rank));
        }
        return aligned(rows);
    }

    private void cells(List<List<String>> rows, String label, IntFunction<String> cell) {
        List<String> row = new ArrayList<>(List.of(label));
        for (int i = 0; i < uses.size(); i++) {
            row.add(cell.apply(i));
        }
        rows.add(row);
    }

    private void row(List<List<String>> rows, String label, Function<TokenUse, String> cell) {
        cells(rows, label, i -> cell.apply(uses.get(i)));
    }

    /// The scripts with most text.
    private List<UnicodeScript> scripts() {
        var shares = uses.getFirst().byScript();
        return shares.keySet().stream()
                .sorted(Comparator.<UnicodeScript>comparingLong(
                        script -> -shares.get(script).bytes()))
                .limit(SCRIPTS)
                .toList();
    }

    static String label(UnicodeScript script) {
        if (script == UnicodeScript.COMMON) {
            return "spaces, digits, signs";
        }
        String name = script.name();
        return name.charAt(0) + name.substring(1).toLowerCase(Locale.ROOT);
    }

    private static String bytesPerToken(TokenUse use, UnicodeScript script) {
        TokenUse.Share share = use.byScript().get(script);
        return share == null
                ? "-"
                : String.format(
                        Locale.ROOT,
                        "%.2f (%s of the text)",
                        share.bytesPerToken(),
                        percent((double) share.bytes() / use.total().bytes()));
    }

    private static String longest(TokenUse use, int rank) {
        List<Integer> longest = use.longest(rank + 1);
        if (rank >= longest.size()) {
            return "";
        }
        int token = longest.get(rank);
        String text = use.tokenizer().display(token);
        String shown = text.length() > LONGEST_SHOWN ? text.substring(0, LONGEST_SHOWN) + "…" : text;
        return use.tokenizer().vocabulary().bytes(token).length + " bytes \"" + shown + "\"";
    }

    private static String whole(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private static String decimal(double number) {
        return String.format(Locale.ROOT, "%.3f", number);
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    private static String aligned(List<List<String>> rows) {
        StringBuilder table = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < row.size(); column++) {
                int at = column;
                int width = rows.stream()
                        .mapToInt(other -> other.get(at).length())
                        .max()
                        .orElse(0);
                String cell = row.get(column);
                String space = " ".repeat(width - cell.length());
                line.append(column == 0 ? cell + space : "   " + space + cell);
            }
            table.append(line.toString().stripTrailing()).append('\n');
        }
        return table.toString();
    }
}
