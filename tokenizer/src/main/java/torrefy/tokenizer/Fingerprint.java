package torrefy.tokenizer;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HexFormat;
import torrefy.core.data.FileHash;

/// A SHA-256 over all that decides what a text becomes.
final class Fingerprint {

    private final MessageDigest digest = FileHash.sha256();

    /// In hexadecimal.
    static String of(Tokenizer tokenizer) {
        Fingerprint fingerprint = new Fingerprint();
        fingerprint.add(tokenizer);
        return HexFormat.of().formatHex(fingerprint.digest.digest());
    }

    private void add(Tokenizer tokenizer) {
        add(Utf8.encode(tokenizer.splitPattern().regex()));
        digest.update((byte) (tokenizer.wholePieces() ? 1 : 0));
        Vocabulary vocabulary = tokenizer.vocabulary();
        for (int token = 0; token < vocabulary.size(); token++) {
            add(vocabulary.contains(token) ? vocabulary.bytes(token) : new byte[0]);
        }
        for (Merge merge : tokenizer.merges()) {
            add(merge.left());
            add(merge.right());
            add(merge.result());
        }
        SpecialTokens special = tokenizer.specialTokens();
        special.ids().values().forEach(this::add);
        if (tokenizer.isComposing()) {
            digest.update((byte) 'C');
        }
        special.words().stream().sorted().forEach(word -> add(Utf8.encode(word)));
    }

    private void add(int number) {
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(number).array());
    }

    private void add(byte[] bytes) {
        add(bytes.length);
        digest.update(bytes);
    }
}
