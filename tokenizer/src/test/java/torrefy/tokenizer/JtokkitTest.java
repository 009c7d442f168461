package torrefy.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.knuddels.jtokkit.api.Encoding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The ids that jtokkit 1.1.0 gives, with its vocabularies.
class JtokkitTest {

    @ParameterizedTest
    @EnumSource
    void everyTextHasTheIdsThatJtokkitGives(PublishedVocabulary vocabulary) throws IOException {
        Tokenizer tokenizer = vocabulary.tokenizer();
        Encoding oracle = vocabulary.oracle();
        List<String> texts = new ArrayList<>(Texts.CHOSEN);
        texts.addAll(Texts.runs());
        Random random = new Random(1);
        for (int i = 0; i < 3_000; i++) {
            texts.add(Texts.random(random, 1 + random.nextInt(120)));
        }
        for (String text : texts) {
            assertArrayEquals(oracle.encodeOrdinary(text).toArray(), tokenizer.encode(text), () -> "on " + text);
            assertEquals(text, tokenizer.decodeText(tokenizer.encode(text)));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aVocabularyIsWrittenAsItWasRead(PublishedVocabulary vocabulary, @TempDir Path folder) throws IOException {
        Path file = folder.resolve("ranks.tiktoken");
        TiktokenFile.write(vocabulary.tokenizer(), file);
        byte[] read = vocabulary.file();
        assertEquals(new String(read).strip(), Files.readString(file).strip());
    }

    @Test
    void idsThatAreLeftOutStandForNothing() throws IOException {
        Tokenizer tokenizer = PublishedVocabulary.CL100K.tokenizer();
        assertEquals(100_277, tokenizer.vocabularySize());
        assertEquals(100_257, tokenizer.endOfText());
        assertEquals(false, tokenizer.vocabulary().contains(100_256));
    }
}
