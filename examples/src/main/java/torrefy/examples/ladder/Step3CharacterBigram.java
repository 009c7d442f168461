package torrefy.examples.ladder;

import java.io.IOException;
import java.util.Locale;
import torrefy.core.backend.Backend;
import torrefy.core.backend.Backends;
import torrefy.core.random.Distributions;
import torrefy.core.random.RandomKey;
import torrefy.model.generation.Sampler;
import torrefy.model.layer.ParameterSpace;
import torrefy.tensor.GradientMode;
import torrefy.tensor.Parameter;
import torrefy.tensor.Tensor;

/// Step 3: the smallest language model. It knows one character back: a table of 128 × 128 scores, whose row for a
/// character says what may follow.
///
/// Counting pairs gives the best such table directly, so there is a truth to compare with: training must come down to
/// the loss of the counts, the text's conditional entropy `H(next | this)`, and cannot go below.
///
/// Expected output: a loss that falls from ln 128 = 4.85 to within a few hundredths of the counted one (about 2), and
/// a line of letters that almost look like words.
public final class Step3CharacterBigram {

    private static final int V = 128;

    public static void main(String[] arguments) throws IOException {
        String text = Sentences.text();
        int n = text.length() - 1;
        int[] current = text.chars().limit(n).toArray();
        int[] next = text.chars().skip(1).toArray();
        System.out.printf(Locale.ROOT, "the counts' loss     %.4f%n", countedLoss(current, next));

        Backend backend = Backends.standard();
        ParameterSpace space = new ParameterSpace(backend, 1);
        Parameter scores = space.constant("scores", 0, V, V);
        Tensor inputs = Tensor.of(backend, current, n);
        Tensor targets = Tensor.of(backend, next, n);
        for (int step = 0; step <= 200; step++) {
            Tensor loss = scores.embedding(inputs).crossEntropy(targets, -1);
            if (step % 50 == 0) {
                System.out.printf(Locale.ROOT, "step %3d  loss       %.4f%n", step, loss.item());
            }
            space.zeroGradients();
            loss.backward();
            GradientMode.off(() -> scores.addInPlace(scores.gradient(), -100));
        }

        RandomKey key = RandomKey.of(7);
        Sampler sampler = new Sampler(1, 0, 1);
        int[] words = new int[4];
        int character = 't';
        StringBuilder sample = new StringBuilder("t");
        for (int i = 0; i < 60; i++) {
            key.words(i, words, 0);
            character =
                    sampler.draw(scores.slice(0, character, character + 1).toFloats(), Distributions.unit(words[0]));
            sample.append(character == '\n' ? ' ' : (char) character);
        }
        System.out.println(sample);
    }

    /// `−mean ln(count(a, b)/count(a))` over all neighbours a, b.
    private static double countedLoss(int[] current, int[] next) {
        double[][] pairs = new double[V][V];
        double[] singles = new double[V];
        for (int i = 0; i < current.length; i++) {
            pairs[current[i]][next[i]]++;
            singles[current[i]]++;
        }
        double loss = 0;
        for (int i = 0; i < current.length; i++) {
            loss -= Math.log(pairs[current[i]][next[i]] / singles[current[i]]);
        }
        return loss / current.length;
    }
}
