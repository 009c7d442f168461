package torrefy.tokenizer.corpus.build;

import java.util.HexFormat;
import torrefy.tokenizer.corpus.read.TextForm;

/// A clean document as it is kept between stages.
///
/// @param keyHigh the first 64 bits of the SHA-256 of its text
/// @param keyLow the next 64: together enough that no two different texts share them
/// @param origin the place of the input that it came from
/// @param from where it begins in its source
/// @param to where it ends there
/// @param changes what was done to it, separated by commas; empty if nothing was
/// @param text in UTF-8
record StoredDocument(
        long keyHigh,
        long keyLow,
        String source,
        int origin,
        TextForm form,
        long from,
        long to,
        String changes,
        byte[] text) {

    /// What names it for good: its contents.
    String key() {
        return HexFormat.of().toHexDigits(keyHigh) + HexFormat.of().toHexDigits(keyLow);
    }
}
