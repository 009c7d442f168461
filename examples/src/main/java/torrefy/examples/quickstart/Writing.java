package torrefy.examples.quickstart;

import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import torrefy.model.architecture.Transformer;
import torrefy.model.generation.Generation;
import torrefy.model.generation.Generator;
import torrefy.model.generation.Sampler;
import torrefy.model.generation.Speed;
import torrefy.model.generation.StopStrings;
import torrefy.tokenizer.TextDecoder;
import torrefy.tokenizer.Tokenizer;

/// A model that writes text: prompts in, text out, as it comes and in whole characters.
///
/// A text ends when the model ends the document, before a stop string, or with as many tokens as were wanted.
public final class Writing {

    /// Takes up text.
    @FunctionalInterface
    public interface Sink {

        /// @param text the number of the text, in the order of the prompts
        /// @param piece what comes next in it; may be empty
        /// @param isLast whether the text ends here
        void accept(int text, String piece, boolean isLast);
    }

    /// What turns one text's tokens into characters.
    private record Draft(TextDecoder decoder, StopStrings stops) {

        String accept(int token) {
            return stops.accept(decoder.accept(token));
        }

        String finish() {
            return stops.isFound() ? "" : stops.accept(decoder.finish()) + stops.finish();
        }
    }

    private final Generator generator;
    private final Tokenizer tokenizer;
    private final List<String> stopStrings;

    public Writing(Transformer model, Tokenizer tokenizer, Sampler sampler, long seed) {
        this(model, tokenizer, sampler, seed, List.of());
    }

    public Writing(Transformer model, Tokenizer tokenizer, Sampler sampler, long seed, List<String> stopStrings) {
        this.generator = new Generator(model, sampler, seed);
        this.tokenizer = tokenizer;
        this.stopStrings = List.copyOf(stopStrings);
    }

    /// Continues all prompts side by side.
    ///
    /// @param tokens how many to write for each at most
    public Speed continueTexts(List<String> prompts, int tokens, Sink sink) {
        List<Draft> drafts = prompts.stream()
                .map(prompt -> new Draft(tokenizer.textDecoder(), new StopStrings(stopStrings)))
                .toList();
        boolean[] ended = new boolean[drafts.size()];
        List<int[]> starts = prompts.stream().map(this::start).toList();
        try (Generation generation = generator.sideBySide(starts, tokens)) {
            do {
                generation.step((text, token) -> {
                    if (token == tokenizer.endOfText()) {
                        return false;
                    }
                    sink.accept(text, drafts.get(text).accept(token), false);
                    return !drafts.get(text).stops().isFound();
                });
                for (int text = 0; text < ended.length; text++) {
                    if (!ended[text] && !generation.isRunning(text)) {
                        sink.accept(text, drafts.get(text).finish(), true);
                        ended[text] = true;
                    }
                }
            } while (generation.isRunning());
            return generation.speed();
        }
    }

    /// The tokens of a document that begins with `prompt`.
    private int[] start(String prompt) {
        return IntStream.concat(IntStream.of(tokenizer.startOfText()), IntStream.of(tokenizer.encode(prompt)))
                .toArray();
    }

    /// Continues one prompt.
    public Speed continueText(String prompt, int tokens, Consumer<String> sink) {
        return continueTexts(List.of(prompt), tokens, (text, piece, isLast) -> sink.accept(piece));
    }

    /// The prompt and what the model makes of it.
    public String sample(String prompt, int tokens) {
        StringBuilder text = new StringBuilder(prompt);
        continueText(prompt, tokens, text::append);
        return text.toString();
    }
}
