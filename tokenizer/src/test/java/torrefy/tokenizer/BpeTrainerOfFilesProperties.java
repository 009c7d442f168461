package torrefy.tokenizer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CancellationException;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import torrefy.core.parallel.ParallelLoop;

/// The vocabulary is a function of the text and the options: not of threads, files, or what fits into memory.
class BpeTrainerOfFilesProperties {

    private static byte[] text(Random random, int words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < words; i++) {
            int length = 1 + random.nextInt(5);
            for (int j = 0; j < length; j++) {
                out.write('a' + random.nextInt(4));
            }
            out.writeBytes(Utf8.encode(random.nextInt(10) == 0 ? ".\n" : random.nextInt(20) == 0 ? " é" : " "));
        }
        return out.toByteArray();
    }

    @Property(tries = 40)
    void threadsAndTheOrderOfFilesDoNotMatter(@ForAll long seed, @ForAll @IntRange(min = 1, max = 4) int threads)
            throws IOException {
        Random random = new Random(seed);
        List<byte[]> files = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            files.add(text(random, random.nextInt(20_000)));
        }
        BpeTrainer inMemory = new BpeTrainer(BpeConfig.of(400));
        files.forEach(inMemory::add);
        Collections.shuffle(files, random);
        BpeConfig config = BpeConfig.of(400);
        try (ParallelLoop loop = new ParallelLoop(threads);
                BpeTrainer streamed = new BpeTrainer(config)) {
            for (byte[] file : files) {
                streamed.add(new ByteArrayInputStream(file), loop);
            }
            assertEquals(inMemory.train().fingerprint(), streamed.train().fingerprint());
            assertEquals(inMemory.bytes(), streamed.bytes());
        }
    }

    /// With a small cap, pieces go through temporary files several times. Which are left out is as defined: the
    /// rarest, and of equally rare ones those whose bytes come last.
    @Property(tries = 40)
    void theRarestPiecesAreLeftOutWhateverTheOrder(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 3) int threads,
            @ForAll @IntRange(min = 1, max = 600) int most)
            throws IOException {
        Random random = new Random(seed);
        byte[] text = text(random, 8_000);
        Map<String, Long> counts = new HashMap<>();
        SplitPattern.GPT_4.split(
                text,
                0,
                text.length,
                (bytes, from, count) ->
                        counts.merge(new String(bytes, from, count, StandardCharsets.ISO_8859_1), 1L, Long::sum));
        List<String> kept = counts.keySet().stream()
                .sorted(Comparator.<String, Long>comparing(counts::get)
                        .reversed()
                        .thenComparing(Comparator.naturalOrder()))
                .limit(most)
                .toList();
        BpeTrainer expected = new BpeTrainer(BpeConfig.of(300).withSplitPattern(SplitPattern.of("(?s).+")));
        for (String piece : kept) {
            byte[] bytes = piece.getBytes(StandardCharsets.ISO_8859_1);
            for (long i = 0; i < counts.get(piece); i++) {
                expected.add(bytes);
            }
        }
        try (ParallelLoop loop = new ParallelLoop(threads);
                BpeTrainer capped = new BpeTrainer(BpeConfig.of(300), most)) {
            capped.add(new ByteArrayInputStream(text), loop);
            Tokenizer tokenizer = capped.train();
            assertEquals(expected.train().merges(), tokenizer.merges());
            assertEquals(Math.max(0, counts.size() - most), capped.droppedPieces());
            assertEquals(tokenizer.fingerprint(), capped.train().fingerprint());
        }
    }

    @Example
    void progressIsToldAndAnEmptyTextTeachesNothing() throws IOException {
        List<Long> counted = new ArrayList<>();
        List<Integer> merged = new ArrayList<>();
        try (ParallelLoop loop = new ParallelLoop(2);
                BpeTrainer trainer = new BpeTrainer(BpeConfig.of(300)).withProgress(new BpeProgress() {
                    @Override
                    public void counted(long bytes) {
                        counted.add(bytes);
                    }

                    @Override
                    public void merged(int made, int wanted) {
                        assertEquals(43, wanted);
                        merged.add(made);
                    }
                })) {
            trainer.add(new ByteArrayInputStream(new byte[0]), loop);
            assertEquals(257, trainer.train().vocabularySize());
            trainer.add(new ByteArrayInputStream(text(new Random(1), 1_000)), loop);
            trainer.train();
        }
        assertTrue(counted.getLast() > 1_000 && merged.getLast() == 43, counted + " " + merged);
    }

    /// An interruption comes after the second block, and when training goes on, after the fifth merge.
    @Example
    void anInterruptedTrainingStopsAndSaysHowFarItWas() throws IOException {
        byte[] text = text(new Random(2), 3_000_000);
        try (ParallelLoop loop = new ParallelLoop(2);
                BpeTrainer trainer = new BpeTrainer(BpeConfig.of(300), 100).withProgress(new BpeProgress() {
                    @Override
                    public void counted(long bytes) {
                        if (bytes > 1 << 22) {
                            Thread.currentThread().interrupt();
                        }
                    }

                    @Override
                    public void merged(int made, int wanted) {
                        if (made == 5) {
                            Thread.currentThread().interrupt();
                        }
                    }
                })) {
            String counting = assertThrows(
                            CancellationException.class, () -> trainer.add(new ByteArrayInputStream(text), loop))
                    .getMessage();
            assertEquals("training was interrupted after " + trainer.bytes() + " bytes of text", counting);
            assertTrue(trainer.bytes() < text.length, counting);
            assertTrue(Thread.interrupted(), "the interruption is to be seen outside");
            String merging =
                    assertThrows(CancellationException.class, trainer::train).getMessage();
            assertEquals("training was interrupted after 5 merges", merging);
            assertTrue(Thread.interrupted());
        }
    }

    /// On a network drive, or when a disk is pulled out: the stream breaks in the middle.
    @Example
    void aTextThatVanishesWhileItIsReadIsReportedAsTheStreamReportsIt() throws IOException {
        InputStream broken =
                new SequenceInputStream(new ByteArrayInputStream(text(new Random(3), 100)), new InputStream() {
                    @Override
                    public int read() throws IOException {
                        throw new IOException("text.txt: stale file handle");
                    }
                });
        try (ParallelLoop loop = new ParallelLoop(2);
                BpeTrainer trainer = new BpeTrainer(BpeConfig.of(300))) {
            IOException reported = assertThrows(IOException.class, () -> trainer.add(broken, loop));
            assertEquals("text.txt: stale file handle", reported.getMessage());
        }
    }
}
