package torrefy.examples.command;

import java.util.List;
import java.util.function.Consumer;
import torrefy.examples.quickstart.Writing;

/// Shows texts that are written at the same time one after the other, an empty line between them: the first that has
/// not ended is shown as it comes, and what comes of later ones is kept until it is their turn.
final class InOrder implements Writing.Sink {

    private final Consumer<String> out;
    private final List<StringBuilder> kept;
    private final boolean[] ended;
    private int shown;

    /// @param beginnings of the texts
    InOrder(List<String> beginnings, Consumer<String> out) {
        this.out = out;
        this.kept = beginnings.stream().map(StringBuilder::new).toList();
        this.ended = new boolean[beginnings.size()];
        show();
    }

    @Override
    public void accept(int text, String piece, boolean isLast) {
        kept.get(text).append(piece);
        ended[text] |= isLast;
        show();
    }

    private void show() {
        while (shown < ended.length) {
            StringBuilder text = kept.get(shown);
            if (!text.isEmpty()) {
                out.accept(text.toString());
                text.setLength(0);
            }
            if (!ended[shown]) {
                return;
            }
            shown++;
            out.accept(shown < ended.length ? System.lineSeparator().repeat(2) : System.lineSeparator());
        }
    }
}
