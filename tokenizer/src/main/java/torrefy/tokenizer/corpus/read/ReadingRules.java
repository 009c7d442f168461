package torrefy.tokenizer.corpus.read;

import java.nio.charset.Charset;

/// How files become documents.
///
/// @param textField the field of a JSON line that holds the text
/// @param extract whether HTML and Markdown are stripped down to their text; otherwise they are read as they are
/// @param partBytes where a long plain text is cut; 0 for a 64th of the corpus, within bounds
/// @param mostExpansion a compressed file that grows by more than this factor is taken for a bomb and given up
/// @param encoding of texts that do not say it themselves ([TextEncoding]); null to leave it to cleaning. JSON lines
/// and
///     WET are UTF-8 in any case
public record ReadingRules(String textField, boolean extract, int partBytes, double mostExpansion, Charset encoding) {

    /// Deflate cannot exceed 1032; text, even a log file, stays under 100.
    private static final double STANDARD_EXPANSION = 200;

    public ReadingRules {
        if (textField.isBlank()) {
            throw new IllegalArgumentException("the name of the text field is empty");
        }
        if (partBytes < 0 || partBytes > 0 && partBytes < 8) {
            throw new IllegalArgumentException("a part of a text must have at least 8 bytes, got " + partBytes);
        }
        if (!(mostExpansion >= 1)) {
            throw new IllegalArgumentException("the most expansion must be at least 1, got " + mostExpansion);
        }
    }

    /// The field `text`, nothing extracted, parts of a 64th of the corpus.
    public static ReadingRules standard() {
        return new ReadingRules("text", false, 0, STANDARD_EXPANSION, null);
    }

    public ReadingRules withTextField(String field) {
        return new ReadingRules(field, extract, partBytes, mostExpansion, encoding);
    }

    public ReadingRules withExtraction(boolean extraction) {
        return new ReadingRules(textField, extraction, partBytes, mostExpansion, encoding);
    }

    public ReadingRules withPartBytes(int bytes) {
        return new ReadingRules(textField, extract, bytes, mostExpansion, encoding);
    }

    public ReadingRules withMostExpansion(double factor) {
        return new ReadingRules(textField, extract, partBytes, factor, encoding);
    }

    public ReadingRules withEncoding(Charset declared) {
        return new ReadingRules(textField, extract, partBytes, mostExpansion, declared);
    }

    /// The same with parts for a corpus of so many bytes, unless their size is fixed.
    ReadingRules forCorpusOf(long bytes) {
        return partBytes > 0 ? this : withPartBytes(TextParts.partBytes(bytes));
    }
}
