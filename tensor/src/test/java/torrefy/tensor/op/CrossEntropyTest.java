package torrefy.tensor.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import torrefy.core.backend.Backend;
import torrefy.core.random.RandomKey;
import torrefy.tensor.Columns;
import torrefy.tensor.GradientMode;
import torrefy.tensor.Tensor;

class CrossEntropyTest {

    private final Backend backend = Columns.scalar();

    /// 600 rows of 4098 logits are more than one chunk of 2²¹ logits, and the second one is short. They are many rows
    /// beside 7 channels and few beside 613.
    @ParameterizedTest
    @ValueSource(ints = {7, 613})
    void headCrossEntropyInSeveralChunksMatchesExplicitLogits(int channels) {
        for (Backend each : Columns.all()) {
            int n = 600;
            int vocabulary = 4098;
            float scale = (float) (1 / Math.sqrt(channels));
            Tensor hidden = Tensor.normal(each, RandomKey.of(1), n, channels).withGradient();
            Tensor head = Tensor.normal(each, RandomKey.of(2), vocabulary, channels)
                    .multiply(scale)
                    .withGradient();
            int[] ids = new int[n];
            for (int i = 0; i < n; i++) {
                ids[i] = i % 13 == 0 ? -1 : (i * 31) % vocabulary;
            }
            Tensor targets = Tensor.of(each, ids, n);
            Tensor chunked = hidden.headCrossEntropy(head, targets, -1);
            chunked.backward(Tensor.scalar(each, 3));
            float[] dHidden = hidden.gradient().toFloats();
            float[] dHead = head.gradient().toFloats();
            hidden.zeroGradient();
            head.zeroGradient();
            Tensor explicit = hidden.matmul(head.transpose(0, 1)).crossEntropy(targets, -1);
            explicit.backward(Tensor.scalar(each, 3));
            assertEquals(explicit.item(), chunked.item(), 1e-6 * explicit.item());
            requireClose(hidden.gradient().toFloats(), dHidden);
            requireClose(head.gradient().toFloats(), dHead);
        }
    }

    /// Sums of up to 4098 terms, added in another order and scaled before rather than after: √4098 = 64 roundings.
    private static void requireClose(float[] expected, float[] actual) {
        float largest = 0;
        for (float value : expected) {
            largest = Math.max(largest, Math.abs(value));
        }
        assertArrayEquals(expected, actual, 64 * 0x1p-24f * largest);
    }

    @Test
    void headCrossEntropyWithoutGradientsGivesTheSameLoss() {
        Tensor hidden = Tensor.normal(backend, RandomKey.of(1), 2, 3, 4).withGradient();
        Tensor head = Tensor.normal(backend, RandomKey.of(2), 5, 4);
        Tensor targets = Tensor.of(backend, new int[] {0, 1, 2, 3, 4, 0}, 2, 3);
        float recorded = hidden.headCrossEntropy(head, targets, -1).item();
        float plain = GradientMode.off(
                () -> hidden.headCrossEntropy(head, targets, -1).item());
        assertEquals(recorded, plain);
    }

    @Test
    void lossIsZeroAndWithoutGradientIfEveryTargetIsIgnored() {
        Tensor logits = Tensor.normal(backend, RandomKey.of(1), 3, 5).withGradient();
        Tensor head = Tensor.normal(backend, RandomKey.of(2), 4, 5).withGradient();
        Tensor targets = Tensor.of(backend, new int[] {-1, -1, -1}, 3);
        Tensor loss = logits.crossEntropy(targets, -1).add(logits.headCrossEntropy(head, targets, -1));
        assertEquals(0, loss.item());
        loss.backward();
        assertArrayEquals(new float[15], logits.gradient().toFloats());
        assertArrayEquals(new float[20], head.gradient().toFloats());
    }

    @Test
    void ignoredTargetMayBeATokenOfTheVocabulary() {
        Tensor logits = Tensor.normal(backend, RandomKey.of(1), 3, 5);
        float all = logits.slice(0, 0, 2)
                .crossEntropy(Tensor.of(backend, new int[] {3, 4}, 2), -1)
                .item();
        float ignored = logits.crossEntropy(Tensor.of(backend, new int[] {3, 4, 0}, 3), 0)
                .item();
        assertEquals(all, ignored);
    }

    @Test
    void uniformLogitsGiveTheLogarithmOfTheVocabulary() {
        for (int vocabulary : new int[] {1, 7, 31, 4098}) {
            Tensor logits = Tensor.full(backend, 0.5f, 13, vocabulary);
            Tensor targets = Tensor.of(backend, new int[13], 13);
            assertEquals(Math.log(vocabulary), logits.crossEntropy(targets, -1).item(), 1e-6 * Math.log(vocabulary));
        }
    }
}
