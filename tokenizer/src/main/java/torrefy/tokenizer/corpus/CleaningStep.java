package torrefy.tokenizer.corpus;

/// What cleaning may do to a document, in the order in which it is tried.
public enum CleaningStep {
    UNREADABLE(true, "unreadable"),
    TOO_LARGE(true, "too large"),
    BINARY(true, "binary (zero bytes, control characters)"),
    INVALID_UTF8(true, "not UTF-8"),
    BYTE_ORDER_MARK(false, "byte order mark removed"),
    INVALID_BYTES(false, "stray bytes replaced by U+FFFD"),
    LINE_ENDS(false, "line ends made \\n"),
    CONTROL_CHARACTERS(false, "control characters removed"),
    LICENCE_HEADER(false, "licence header removed"),
    TOO_SHORT(true, "too short"),
    NOT_TEXT(true, "not text (mostly signs)"),
    DUPLICATE(true, "duplicate of another document");

    private final boolean drops;
    private final String label;

    CleaningStep(boolean drops, String label) {
        this.drops = drops;
        this.label = label;
    }

    /// Whether the document is dropped; otherwise it is changed and kept.
    public boolean drops() {
        return drops;
    }

    /// For people.
    public String label() {
        return label;
    }
}
