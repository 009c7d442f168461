package torrefy.examples.ladder;

import java.io.IOException;
import java.util.Locale;
import torrefy.core.backend.Backends;
import torrefy.model.architecture.Transformer;
import torrefy.model.architecture.TransformerConfig;
import torrefy.model.generation.Generator;
import torrefy.model.generation.Sampler;
import torrefy.model.training.Batches;
import torrefy.model.training.RunLength;
import torrefy.model.training.TokenSource;
import torrefy.model.training.Trainer;
import torrefy.model.training.TrainingSettings;

/// Step 4: a GPT with two layers on a file of sentences, character by character. Everything that the quickstart does
/// with a real corpus, in one screen.
///
/// Expected output: in a few seconds the loss falls from 4.9 to well under that of step 3, because this model looks
/// back 32 characters and not one; at the end it writes sentences like those it read.
public final class Step4TinyGpt {

    public static void main(String[] arguments) throws IOException {
        int steps = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 200;
        int[] characters = Sentences.text().chars().toArray();

        int context = 32;
        Transformer model = new Transformer(TransformerConfig.gpt2(128, context, 2, 2, 64), Backends.standard(), 1);
        System.out.println(model.parameters().count() + " parameters, " + characters.length + " characters");

        Trainer trainer = new Trainer(model, TrainingSettings.standard(RunLength.steps(steps), 3e-3f));
        trainer.train(new Batches(TokenSource.of(characters), 16, context, 1), report -> {
            if (report.step() == 1 || report.step() % 50 == 0) {
                System.out.printf(Locale.ROOT, "step %3d  loss %.4f%n", report.step(), report.loss());
            }
        });

        StringBuilder text = new StringBuilder("The ");
        new Generator(model, new Sampler(0.7, 0, 0.95), 1)
                .generate("\nThe ".chars().toArray(), 120, token -> {
                    text.append((char) token);
                    return true;
                });
        System.out.println(text);
    }
}
