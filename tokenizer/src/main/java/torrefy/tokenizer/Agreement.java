package torrefy.tokenizer;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// What the parts of a tokenizer must have in common with its vocabulary.
final class Agreement {

    private Agreement() {}

    /// The token of each byte value.
    ///
    /// @throws IllegalArgumentException if a byte value has none
    static int[] byteTokens(Vocabulary vocabulary) {
        int[] tokens = new int[256];
        for (int value = 0; value < 256; value++) {
            tokens[value] = vocabulary.find(new byte[] {(byte) value});
            if (tokens[value] < 0) {
                throw new IllegalArgumentException("vocabulary: no token for the byte " + value
                        + "; a byte-level vocabulary has one for each of the 256");
            }
        }
        return tokens;
    }

    /// @throws IllegalArgumentException if a merge makes other bytes than those of its token, or a special token
    static void require(Vocabulary vocabulary, List<Merge> merges, SpecialTokens specialTokens) {
        for (int rank = 0; rank < merges.size(); rank++) {
            Merge merge = merges.get(rank);
            if (!Arrays.equals(
                    Tokenizer.concatenation(vocabulary.bytes(merge.left()), vocabulary.bytes(merge.right())),
                    vocabulary.bytes(merge.result()))) {
                throw new IllegalArgumentException("merge " + rank + ": the bytes of token " + merge.result()
                        + " are not those of " + merge.left() + " and " + merge.right());
            }
            if (specialTokens.contains(merge.result())) {
                throw new IllegalArgumentException("merge " + rank + " makes the special token " + merge.result()
                        + ", which no plain text may become");
            }
        }
    }

    /// @throws IllegalArgumentException if the bytes of a special token are not its name, or it is a single byte
    static void require(Vocabulary vocabulary, SpecialTokens specialTokens) {
        for (Map.Entry<String, Integer> entry : specialTokens.ids().entrySet()) {
            if (vocabulary.find(Utf8.encode(entry.getKey())) != entry.getValue()) {
                throw new IllegalArgumentException("special token " + entry.getKey() + ": token " + entry.getValue()
                        + " of the vocabulary has other bytes");
            }
            if (vocabulary.length(entry.getValue()) == 1) {
                throw new IllegalArgumentException(
                        "special token " + entry.getKey() + ": a single byte cannot be special, plain text needs it");
            }
        }
    }
}
