package torrefy.examples.quickstart;

import java.util.function.Consumer;
import torrefy.model.architecture.Transformer;
import torrefy.model.generation.Generator;
import torrefy.model.generation.Sampler;
import torrefy.tokenizer.TextDecoder;
import torrefy.tokenizer.Tokenizer;

/// A model that writes text: prompt in, text out, as it comes.
public final class Writing {

    private final Transformer model;
    private final Tokenizer tokenizer;
    private final Sampler sampler;
    private final long seed;

    public Writing(Transformer model, Tokenizer tokenizer, Sampler sampler, long seed) {
        this.model = model;
        this.tokenizer = tokenizer;
        this.sampler = sampler;
        this.seed = seed;
    }

    /// Writes until the model ends the document, at most `tokens` tokens; hands over only whole characters.
    ///
    /// @return the number of tokens written
    public int continueText(String prompt, int tokens, Consumer<String> sink) {
        int[] encoded = tokenizer.encode(prompt);
        int[] start = new int[encoded.length + 1];
        start[0] = tokenizer.endOfText();
        System.arraycopy(encoded, 0, start, 1, encoded.length);
        TextDecoder decoder = tokenizer.textDecoder();
        int written = new Generator(model, sampler, seed).generate(start, tokens, token -> {
            if (token == tokenizer.endOfText()) {
                return false;
            }
            sink.accept(decoder.accept(token));
            return true;
        });
        sink.accept(decoder.finish());
        return written;
    }

    /// The prompt and what the model makes of it.
    public String sample(String prompt, int tokens) {
        StringBuilder text = new StringBuilder(prompt);
        continueText(prompt, tokens, text::append);
        return text.toString();
    }
}
