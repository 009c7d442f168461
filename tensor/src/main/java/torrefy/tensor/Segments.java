package torrefy.tensor;

import java.util.ArrayList;
import java.util.List;

/// How B sequences of T positions are cut into segments that know nothing of each other: attention looks back as far as
/// the beginning of its segment. Sequences of a corpus are cut where documents meet.
///
/// @param all of the segments, which cover every position once
/// @param sequences B
/// @param length T
public record Segments(List<Segment> all, int sequences, int length) {

    /// The positions `from` to `to` of one sequence, the last excluded.
    public record Segment(int sequence, int from, int to) {

        /// Number of positions, at least 1.
        public int length() {
            return to - from;
        }
    }

    public Segments {
        all = List.copyOf(all);
        int sequence = 0;
        int position = 0;
        for (Segment segment : all) {
            if (segment.sequence != sequence || segment.from != position || segment.to <= position) {
                throw new IllegalArgumentException("segments must cover sequence after sequence without gaps; "
                        + segment + " comes where position " + position + " of sequence " + sequence + " was expected");
            }
            boolean isLast = segment.to == length;
            sequence += isLast ? 1 : 0;
            position = isLast ? 0 : segment.to;
        }
        if (sequence != sequences || position != 0) {
            throw new IllegalArgumentException("segments must cover " + sequences + " sequences of " + length
                    + " positions; they end at position " + position + " of sequence " + sequence);
        }
    }

    /// Cuts before every token that is `first`: a document's first token, as a rule the one that ends the text before.
    ///
    /// @param ids row-major `(B, T)`
    public static Segments before(int first, int[] ids, int sequences, int length) {
        List<Segment> all = new ArrayList<>();
        for (int sequence = 0; sequence < sequences; sequence++) {
            int from = 0;
            for (int t = 1; t < length; t++) {
                if (ids[sequence * length + t] == first) {
                    all.add(new Segment(sequence, from, t));
                    from = t;
                }
            }
            all.add(new Segment(sequence, from, length));
        }
        return new Segments(all, sequences, length);
    }
}
