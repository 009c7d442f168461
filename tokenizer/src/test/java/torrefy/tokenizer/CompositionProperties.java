package torrefy.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.text.Normalizer;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class CompositionProperties {

    private static byte[] bytes(String text) {
        return Utf8.encode(text);
    }

    @Property(tries = 100)
    void textIsInTheNormalForm(@ForAll long seed) {
        String text = Texts.random(new Random(seed), 200);
        assertArrayEquals(bytes(Normalizer.normalize(text, Normalizer.Form.NFC)), Composition.of(bytes(text)));
    }

    @Property(tries = 100)
    void partsOfAnySizeComposeToTheWhole(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        byte[] text = bytes(Texts.random(random, 300));
        // Not all of it is text.
        text[random.nextInt(text.length)] ^= (byte) 0xc3;
        ByteArrayOutputStream composed = new ByteArrayOutputStream();
        ComposingParts parts = new ComposingParts(composed::write);
        for (int at = 0; at < text.length; ) {
            int count = Math.min(text.length - at, random.nextInt(20));
            parts.accept(text, at, count);
            at += count;
        }
        parts.finish();
        assertArrayEquals(Composition.of(text), composed.toByteArray());
    }

    @Example
    void whatIsNoTextStaysAsItIs() {
        byte[] broken = {'e', (byte) 0xff, (byte) 0xcc, (byte) 0x81, 'e', (byte) 0xcc, (byte) 0x81, (byte) 0xe2};
        byte[] expected = {'e', (byte) 0xff, (byte) 0xcc, (byte) 0x81, (byte) 0xc3, (byte) 0xa9, (byte) 0xe2};
        assertArrayEquals(expected, Composition.of(broken));
        byte[] plain = bytes("plain");
        assertSame(plain, Composition.of(plain));
    }
}
