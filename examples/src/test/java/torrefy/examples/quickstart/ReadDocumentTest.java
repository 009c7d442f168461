package torrefy.examples.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import torrefy.model.training.SkippedStep;
import torrefy.model.training.TokenSource;
import torrefy.tokenizer.BpeConfig;
import torrefy.tokenizer.BpeTrainer;
import torrefy.tokenizer.Tokenizer;

class ReadDocumentTest {

    /// Single bytes and the end of a text.
    private static final Tokenizer BYTES = bytes();

    private static Tokenizer bytes() {
        BpeTrainer trainer = new BpeTrainer(BpeConfig.of(257));
        trainer.add("abc".getBytes(StandardCharsets.UTF_8));
        return trainer.train();
    }

    /// A text in which `|` stands for the end of a document.
    private static List<ReadDocument> documents(String text, int length, long... starts) {
        int[] tokens = IntStream.range(0, text.length())
                .map(i -> text.charAt(i) == '|' ? BYTES.endOfText() : BYTES.encode(text.substring(i, i + 1))[0])
                .toArray();
        return ReadDocument.of(new SkippedStep("", starts, length), TokenSource.of(tokens), BYTES);
    }

    @Test
    void aSequenceInTheMiddleOfADocumentIsTracedToItsBeginning() {
        assertEquals(
                List.of(new ReadDocument(4, "second on")),
                documents("one|second one|three|", 3, 10),
                "as far as it was read");
    }

    @Test
    void aSequenceMayReadSeveralDocumentsAndTwoMayReadTheSame() {
        List<ReadDocument> documents = documents("one|second one|three|four|", 8, 12, 2);
        assertEquals(
                List.of(4L, 15L, 0L), documents.stream().map(ReadDocument::at).toList());
        assertEquals("token 15: three", documents.get(1).toString());
    }
}
