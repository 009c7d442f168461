package torrefy.tokenizer.corpus.clean;

/// What cleaning may do to a document, in the order in which it is tried.
public enum CleaningStep {
    UNREADABLE(Effect.DROPS, "unreadable"),
    TOO_LARGE(Effect.DROPS, "too large"),
    INVALID_ENCODING(Effect.DROPS, "not in the encoding that is said"),
    DECODED(Effect.REVERSIBLE, "made UTF-8 from another encoding"),
    BINARY(Effect.DROPS, "binary (zero bytes, control characters)"),
    INVALID_UTF8(Effect.DROPS, "not UTF-8"),
    BYTE_ORDER_MARK(Effect.REVERSIBLE, "byte order mark removed"),
    INVALID_BYTES(Effect.LOSES, "stray bytes replaced by U+FFFD"),
    LINE_ENDS(Effect.LOSES, "line ends made \\n"),
    CONTROL_CHARACTERS(Effect.LOSES, "control characters removed"),
    NORMAL_FORM(Effect.LOSES, "composed (Unicode NFC)"),
    BLANK_RUNS(Effect.LOSES, "runs of blanks shortened"),
    LICENCE_HEADER(Effect.LOSES, "licence header removed"),
    TOO_SHORT(Effect.DROPS, "too short"),
    NOT_TEXT(Effect.DROPS, "not text (mostly signs)"),
    DUPLICATE(Effect.DROPS, "duplicate of another document");

    private enum Effect {
        DROPS,
        LOSES,
        REVERSIBLE
    }

    private final Effect effect;
    private final String label;

    CleaningStep(Effect effect, String label) {
        this.effect = effect;
        this.label = label;
    }

    /// Whether the document is dropped; otherwise it is changed and kept.
    public boolean drops() {
        return effect == Effect.DROPS;
    }

    /// Whether the document as it was follows from the document as it is and the knowledge that the step was taken,
    /// for a change of encoding also from which one.
    public boolean isReversible() {
        return effect == Effect.REVERSIBLE;
    }

    /// For people, who are told what can be undone.
    public String label() {
        return isReversible() ? label + " (reversible)" : label;
    }
}
