package torrefy.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import torrefy.core.backend.Backend;
import torrefy.core.memory.Arena;
import torrefy.core.memory.DataType;
import torrefy.core.memory.NdArray;
import torrefy.core.shape.Shape;
import torrefy.tensor.op.CustomOp;
import torrefy.tensor.op.Recomputation;

/// What backward gives back to the arena, and what it leaves alone. With assertions on, memory that was given back
/// holds
/// NaN: whatever reads it too late is seen in the results.
class GivenBackTest {

    private final Backend backend = Columns.scalar();
    private final Arena arena = new Arena(backend::allocate);
    private final Parameter w =
            new Parameter("w", backend, NdArray.of(new float[] {1, 2, 3}, 3), NdArray.of(new float[3], 3));

    private static void assertGivenBack(Tensor tensor) {
        String message =
                assertThrows(IllegalStateException.class, tensor::toFloats).getMessage();
        assertTrue(message.contains("was given back") && message.contains("detachedCopy()"), message);
    }

    private void inArena(Runnable body) {
        arena.step(() -> {
            body.run();
            return null;
        });
    }

    /// The gradient of `w` by a loss, in the arena; compared with the one without an arena.
    private void assertSameGradient(Function<Tensor, Tensor> loss) {
        loss.apply(w).backward();
        float[] expected = w.gradient().toFloats();
        w.zeroGradient();
        for (int step = 0; step < 2; step++) {
            inArena(() -> loss.apply(w).backward());
            assertArrayEquals(expected, w.gradient().toFloats());
            w.zeroGradient();
        }
    }

    @Test
    void resultsGoBackOnceBackwardHasPassedAndTheLossStays() {
        inArena(() -> {
            Tensor square = w.multiply(w);
            Tensor exp = square.exp();
            Tensor loss = exp.sum();
            loss.backward();
            assertGivenBack(square);
            assertGivenBack(exp);
            assertEquals(Math.exp(1) + Math.exp(4) + Math.exp(9), loss.item(), 1e-2);
            assertArrayEquals(new float[] {1, 2, 3}, w.toFloats());
        });
    }

    @Test
    void nothingGoesBackWithoutAnArena() {
        Tensor square = w.multiply(w);
        square.exp().sum().backward();
        assertArrayEquals(new float[] {1, 4, 9}, square.toFloats());
    }

    @Test
    void afterBackwardOnlyTheLossIsInUse() {
        inArena(() -> {
            long before = inUse();
            Tensor loss = w.multiply(w)
                    .layerNorm(w, w, 1e-5f)
                    .softmax()
                    .divide(w.exp())
                    .maximum(w)
                    .multiply(w)
                    .sum();
            assertTrue(inUse() > before + 1);
            loss.backward();
            assertEquals(before + 1, inUse());
        });
    }

    /// Floats in use: a buffer of the peak's size more makes a new peak.
    private long inUse() {
        long peak = arena.peakBytes();
        arena.free(arena.allocate(DataType.F32, (int) (peak / 4 + 1)));
        return (arena.peakBytes() - peak - 4) / 4;
    }

    @Test
    void leavesAndTheirGradientsStay() {
        inArena(() -> {
            Tensor leaf = Tensor.full(backend, 3, 2).withGradient();
            leaf.multiply(leaf).sum().backward();
            leaf.multiply(5).sum().backward();
            assertArrayEquals(new float[] {3, 3}, leaf.toFloats());
            assertArrayEquals(new float[] {11, 11}, leaf.gradient().toFloats());
        });
    }

    @Test
    void aLeafInsideARecomputationKeepsItsGradient() {
        inArena(() -> {
            Tensor leaf = Tensor.full(backend, 3, 3).withGradient();
            Recomputation.apply(in -> in.get(0).exp().multiply(leaf), w.multiply(0))
                    .sum()
                    .backward();
            assertArrayEquals(new float[] {1, 1, 1}, leaf.gradient().toFloats());
        });
    }

    @Test
    void aViewLivesAsLongAsAnythingReadsItsMemory() {
        assertSameGradient(x -> {
            Tensor y = x.exp();
            Tensor viewOfView = y.reshape(1, 3).transpose(0, 1).slice(0, 1, 3);
            // The oldest reader of the memory is visited last.
            Tensor early = y.multiply(y);
            return viewOfView.multiply(viewOfView).sum().add(early.sum()).add(y.sum());
        });
    }

    @Test
    void viewsOfALossDoNotTakeItWithThem() {
        inArena(() -> {
            Tensor loss = w.exp().sum().reshape(1, 1).reshape(1);
            loss.backward();
            assertEquals(Math.exp(1) + Math.exp(2) + Math.exp(3), loss.item(), 1e-4);
        });
    }

    @Test
    void severalConsumersAllReadBeforeTheMemoryGoesBack() {
        assertSameGradient(x -> {
            Tensor y = x.exp();
            Tensor a = y.multiply(y);
            Tensor b = a.multiply(y).add(y);
            Tensor c = b.divide(a).subtract(y);
            return c.multiply(b).add(a).sum();
        });
    }

    @Test
    void aGradientGivenToTwoInputsIsNotWrittenToByOne() {
        // Both terms of a sum share its gradient, and more is added to each.
        assertSameGradient(x -> {
            Tensor a = x.exp();
            Tensor b = x.multiply(3);
            Tensor both = a.add(b);
            return both.add(a.multiply(a)).add(b.multiply(2)).add(a).sum();
        });
        assertSameGradient(x -> {
            Tensor y = x.multiply(2);
            return y.add(y).add(y.subtract(x)).sum();
        });
    }

    @Test
    void aGradientGivenToTwoInputsIsNotWrittenToOutsideAnArenaEither() {
        Tensor a = w.multiply(1);
        Tensor b = w.multiply(10);
        a.add(b).add(a).add(a).sum().backward();
        assertArrayEquals(new float[] {13, 13, 13}, w.gradient().toFloats());
    }

    @Test
    void detachedTensorsStayUntilTheStepsEnd() {
        Tensor[] kept = new Tensor[1];
        inArena(() -> {
            Tensor y = w.multiply(w);
            Tensor detached = y.detach();
            Tensor leaf = w.multiply(2).withGradient();
            y.multiply(detached).sum().backward();
            assertArrayEquals(new float[] {1, 4, 9}, detached.toFloats());
            leaf.multiply(leaf).sum().backward();
            assertArrayEquals(new float[] {4, 8, 12}, leaf.gradient().toFloats());
            kept[0] = detached;
        });
        assertThrows(IllegalStateException.class, kept[0]::toFloats);
    }

    @Test
    void twoGraphsOverOneLeafAreGivenBackApart() {
        inArena(() -> {
            Tensor first = w.exp();
            Tensor second = w.multiply(w);
            first.sum().backward();
            assertGivenBack(first);
            assertArrayEquals(new float[] {1, 4, 9}, second.toFloats());
            second.sum().backward();
            assertGivenBack(second);
        });
        float[] expected = new float[3];
        for (int i = 0; i < 3; i++) {
            expected[i] = (float) Math.exp(i + 1) + 2 * (i + 1);
        }
        assertArrayEquals(expected, w.gradient().toFloats(), 1e-4f);
    }

    /// Keeps an array of its own and sends back what it was handed.
    record Scaled(Tensor in, Tensor factor) implements CustomOp {
        static Tensor apply(Tensor in) {
            Tensor factor = Tensor.full(in.backend(), 2, in.shape().sizes());
            Tensor out = GradientMode.off(() -> in.multiply(factor));
            return out.madeBy(new Scaled(in, factor));
        }

        @Override
        public List<Tensor> inputs() {
            return List.of(in);
        }

        @Override
        public void backward(Tensor dOut, Gradients gradients) {
            Tensor halved = dOut.multiply(factor).multiply(0.5f);
            gradients.give(in, halved.multiply(2));
        }
    }

    @Test
    void customOpsNeedNotKnowOfAnyOfThis() {
        assertSameGradient(x -> Scaled.apply(Scaled.apply(x.exp())).sum());
        assertSameGradient(
                x -> Recomputation.apply(in -> Scaled.apply(in.get(0)), x.exp()).sum());
    }

    /// Its result is its input's memory under a name of its own.
    record Same(Tensor in) implements CustomOp {
        @Override
        public List<Tensor> inputs() {
            return List.of(in);
        }

        @Override
        public void backward(Tensor dOut, Gradients gradients) {
            gradients.give(in, dOut);
        }
    }

    @Test
    void aCustomViewSharesItsInputsMemory() {
        assertSameGradient(x -> {
            Tensor y = x.exp();
            Tensor same = Tensor.of(backend, y.data()).madeBy(new Same(y));
            return same.multiply(y.multiply(same)).sum();
        });
    }

    @Test
    void recomputationsGiveBackWhatTheyComputedTwice() {
        assertSameGradient(x -> {
            Tensor y = x.multiply(0.5f);
            for (int i = 0; i < 3; i++) {
                y = Recomputation.apply(
                        in -> Recomputation.apply(inner -> inner.get(0).exp().softmax(), in.get(0))
                                .add(in.get(0).tanh()),
                        y);
            }
            return y.sum();
        });
        inArena(() -> {
            long before = inUse();
            Tensor y = Recomputation.apply(in -> in.get(0).exp().exp().tanh(), w);
            assertEquals(before + 3, inUse(), "nothing but the result");
            y.sum().backward();
            assertEquals(before + 1, inUse(), "nothing but the loss");
        });
    }

    @Test
    void aSegmentMayUseWhatWasComputedOutsideIt() {
        assertSameGradient(x -> {
            Tensor outside = x.exp();
            Tensor y = Recomputation.apply(in -> in.get(0).multiply(outside), x.multiply(2));
            return y.multiply(outside).sum();
        });
    }

    @Test
    void aScopeKeepsItsResultAlone() {
        inArena(() -> {
            Tensor[] inside = new Tensor[1];
            Tensor result = Tensor.scoped(() -> {
                inside[0] = Tensor.full(backend, 3, 2);
                return inside[0].multiply(2).reshape(2, 1);
            });
            assertGivenBack(inside[0]);
            assertArrayEquals(new float[] {6, 6}, result.toFloats());
        });
        assertEquals(1, Tensor.scoped(() -> Tensor.scalar(backend, 1)).item());
    }

    @Test
    void aScopeLeavesAGraphWhole() {
        assertSameGradient(x -> Tensor.scoped(() ->
                        x.exp().reshape(1, 3).layerNorm(x, x, 1e-5f).multiply(x).softmax())
                .multiply(x)
                .sum());
    }

    @Test
    void aLeanComputationKeepsWhatOpsSavedAlone() {
        inArena(() -> {
            long before = inUse();
            Tensor[] inside = new Tensor[3];
            Tensor result = Tensor.lean(() -> {
                inside[0] = w.multiply(2);
                inside[1] = inside[0].add(1);
                inside[2] = inside[1].exp();
                return inside[2].subtract(1);
            });
            assertGivenBack(inside[0]);
            assertEquals(before + 9, inUse(), "the result, and of exp both sides, which it saves");
            assertEquals(result.toFloats()[0] + 1, inside[2].toFloats()[0], 1e-3);
            result.sum().backward();
            assertGivenBack(inside[2]);
        });
        w.zeroGradient();
        assertSameGradient(
                x -> Tensor.lean(() -> x.multiply(2).add(1).exp().subtract(1)).sum());
    }

    @Test
    void leanComputationsMayHoldOneAnother() {
        inArena(() -> {
            Tensor[] inside = new Tensor[2];
            Tensor result = Tensor.lean(() -> {
                inside[0] = Tensor.lean(() -> {
                    inside[1] = w.multiply(3);
                    return inside[1].add(1);
                });
                assertGivenBack(inside[1]);
                assertArrayEquals(new float[] {4, 7, 10}, inside[0].toFloats());
                return inside[0].add(2);
            });
            assertGivenBack(inside[0]);
            assertArrayEquals(new float[] {6, 9, 12}, result.toFloats());
            Tensor outside = w.multiply(5);
            Tensor.lean(() -> Tensor.lean(() -> outside));
            assertArrayEquals(new float[] {5, 10, 15}, outside.toFloats(), "it is not theirs");
        });
    }

    @Test
    void viewsDetachedTensorsAndSeveralConsumersOutliveALeanComputation() {
        assertSameGradient(x -> Tensor.lean(() -> {
                    Tensor y = x.multiply(2);
                    Tensor view = y.reshape(1, 3).transpose(0, 1).slice(0, 1, 3);
                    return view.exp()
                            .sum()
                            .add(view.multiply(view).sum())
                            .add(y.tanh().sum())
                            .add(y.sum())
                            .reshape(1);
                })
                .sum());
        inArena(() -> {
            Tensor[] kept = new Tensor[1];
            Tensor.lean(() -> {
                Tensor y = w.multiply(2);
                kept[0] = y.detach();
                return y.add(1);
            });
            assertArrayEquals(new float[] {2, 4, 6}, kept[0].toFloats());
            Tensor y = w.multiply(2);
            Tensor view = Tensor.lean(() -> y.add(1).reshape(1, 3).slice(1, 0, 2));
            assertArrayEquals(new float[] {3, 5}, view.toFloats());
        });
    }

    @Test
    void aConstantThatALeanComputationSavedStays() {
        inArena(() -> {
            Tensor constant = Tensor.full(backend, 2, 3);
            Tensor leaf = Tensor.full(backend, 3, 3).withGradient();
            for (int times = 1; times <= 2; times++) {
                Tensor.lean(() -> w.multiply(constant).multiply(leaf.reshape(1, 3)))
                        .sum()
                        .backward();
                Tensor.lean(() -> Recomputation.apply(in -> in.get(0).multiply(in.get(1)), constant, w.multiply(1)))
                        .sum()
                        .backward();
                assertArrayEquals(
                        new float[] {8 * times, 8 * times, 8 * times},
                        w.gradient().toFloats());
            }
            assertArrayEquals(new float[] {3, 3, 3}, leaf.toFloats());
            w.zeroGradient();
        });
    }

    @Test
    void recomputationsAndCustomOpsMayBeLean() {
        Function<Tensor, Tensor> layer = x -> Tensor.lean(() -> {
            Tensor y = Scaled.apply(x.tanh());
            return y.multiply(x).reshape(3).add(Tensor.of(backend, y.data()).madeBy(new Same(y)));
        });
        assertSameGradient(x -> {
            Tensor y = x.multiply(0.5f);
            for (int i = 0; i < 3; i++) {
                Tensor in = y;
                y = Recomputation.apply(
                        again -> layer.apply(Recomputation.apply(inner -> layer.apply(inner.get(0)), again.get(0))),
                        in);
                in.letGo();
            }
            return y.sum();
        });
    }

    @Test
    void whatIsLetGoIsGoneButForTheGraph() {
        inArena(() -> {
            Tensor y = w.multiply(2);
            Tensor z = y.add(1);
            y.letGo();
            y.letGo();
            assertGivenBack(y);
            w.letGo();
            z.sum().backward();
            assertArrayEquals(new float[] {2, 2, 2}, w.gradient().toFloats());
        });
        Tensor y = w.multiply(2);
        y.letGo();
        assertArrayEquals(new float[] {2, 4, 6}, y.toFloats(), "without an arena it stays as long as it is reachable");
    }

    @Test
    void memoryThatWentBackIsUsedAgainInTheSameBackward() {
        int layers = 50;
        Shape shape = Shape.of(1000);
        long[] peaks = new long[2];
        for (int i = 0; i < 2; i++) {
            Arena steps = new Arena(backend::allocate);
            int depth = (i + 1) * layers;
            steps.step(() -> {
                Tensor leaf = Tensor.of(backend, NdArray.of(backend.allocate(DataType.F32, shape.elements()), shape))
                        .withGradient();
                Tensor y = leaf;
                for (int layer = 0; layer < depth; layer++) {
                    y = y.exp().multiply(0);
                }
                y.sum().backward();
                return null;
            });
            peaks[i] = steps.peakBytes();
        }
        // Forward keeps two results a layer; of backward's gradients there are never more than a few.
        assertEquals(2 * layers * 4000, peaks[1] - peaks[0]);
    }
}
