package torrefy.tokenizer.corpus.read;

/// What of a marked-up text is to be read.
final class Extraction {

    private Extraction() {}

    static byte[] text(TextForm form, byte[] bytes) {
        return switch (form) {
            case HTML -> HtmlText.of(bytes, null);
            case MARKDOWN -> MarkdownText.of(bytes);
            case PROSE, CODE -> bytes;
        };
    }
}
