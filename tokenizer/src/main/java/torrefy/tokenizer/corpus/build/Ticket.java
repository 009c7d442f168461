package torrefy.tokenizer.corpus.build;

import torrefy.tokenizer.corpus.read.TextForm;

/// What later stages need to know about a document, as numbers: tickets are sorted and passed on, texts stay where
/// they are.
///
/// @param keyHigh with `keyLow` the hash of the text
/// @param sourceHash of the name and place of its source: decides which of two equal documents stays
/// @param ordinal its place in the [DocumentStore]
/// @param bytes of text
/// @param origin the input that it came from
record Ticket(long keyHigh, long keyLow, long sourceHash, long ordinal, int bytes, TextForm form, int origin) {

    /// `long`s in a record.
    static final int WIDTH = 5;

    private static final TextForm[] FORMS = TextForm.values();

    static Ticket of(long[] record) {
        long facts = record[4];
        return new Ticket(
                record[0], record[1], record[2], record[3], (int) facts, FORMS[(int) (facts >>> 32) & 0xff], (int)
                        (facts >>> 40));
    }

    static Ticket of(RecordTable table, long index) {
        long[] record = new long[WIDTH];
        for (int i = 0; i < WIDTH; i++) {
            record[i] = table.get(index, i);
        }
        return of(record);
    }

    long[] toRecord() {
        return new long[] {
            keyHigh, keyLow, sourceHash, ordinal, (long) origin << 40 | (long) form.ordinal() << 32 | bytes
        };
    }

    /// Uniform in [0, 1), by contents alone.
    double fraction() {
        return (keyHigh >>> 11) * 0x1p-53;
    }
}
