import torrefy.core.backend.Backends;
import torrefy.model.architecture.*;
import torrefy.model.generation.*;
import torrefy.model.training.*;

public class Embed {
    public static void main(String[] args) {
        // Token ids are ints; here simply the characters of a text.
        int[] tokens = "the quick brown fox jumps over the lazy dog. ".repeat(50).chars().toArray();
        // vocabulary 128, context 32, 2 layers, 2 heads, width 64
        Transformer gpt = new Transformer(TransformerConfig.gpt2(128, 32, 2, 2, 64), Backends.standard(), 1);
        Trainer trainer = new Trainer(gpt, TrainingSettings.standard(RunLength.steps(120), 3e-3f));
        trainer.train(new Batches(TokenSource.of(tokens), 4, 32, 1), report -> {
            if (report.step() % 20 == 0) {
                System.out.println("step " + report.step() + ": loss " + report.loss());
            }
        });
        System.out.print("the quick");
        new Generator(gpt, Sampler.greedy(), 1).generate("the quick".chars().toArray(), 35, token -> {
            System.out.print((char) token);
            return true;
        });
        System.out.println();
    }
}
